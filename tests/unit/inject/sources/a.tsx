export const Login = ({ host }: { host: string }) => {
  return (
    <div title="a">
      text
      {host}
    </div>
  );
};

export interface Options {
  host: string;
}

/**
 * A client.
 */
@sealed
export class Client {
  @log
  connect(options: Options): string {
    return `x${options.host}`;
  }
}

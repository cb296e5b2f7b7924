async def connect(host):
    # to do
    raise NotImplementedError

/* Clients. */
#include <stdio.h>
#define LIMIT \
  3

struct client {
  int host;
};

int connect(int host);

/**
 * Logs in.
 */
int connect(int host)
{
  return host + LIMIT;
}

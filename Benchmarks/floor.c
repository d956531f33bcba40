/* The floor of a load generator: keeps N connections busy with one fixed request and parses nothing. The first answer's
 * length is taken for every answer's; after so many bytes the next request is sent.
 *
 * usage: floor PORT SECONDS CONNECTIONS        (127.0.0.1)      prints: requests=N
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static char request[128];
static size_t request_length;
static char buffer[65536];

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec * 1e-9;
}

static int ask(int descriptor) {
  return send(descriptor, request, request_length, MSG_NOSIGNAL) == (ssize_t)request_length;
}

static int fail(const char *what) {
  fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
  return 69;
}

int main(int count, char **arguments) {
  if (count != 4) {
    fprintf(stderr, "usage: floor PORT SECONDS CONNECTIONS\n");
    return 64;
  }
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(arguments[1]))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  double seconds = atof(arguments[2]);
  int connections = atoi(arguments[3]);
  request_length = snprintf(request, sizeof request, "GET / HTTP/1.1\r\nHost: 127.0.0.1:%s\r\n\r\n", arguments[1]);

  int poller = epoll_create1(0);
  /* Bytes still to come, by descriptor. */
  long *missing = calloc(connections + 64, sizeof *missing);
  long length = 0;
  if (poller < 0 || !missing) return fail("set-up");
  for (int index = 0; index < connections; index++) {
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    int on = 1;
    if (descriptor < 0 || descriptor >= connections + 64) return fail("socket");
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) < 0) return fail("connect");
    if (length == 0) {
      if (!ask(descriptor)) return fail("send");
      length = recv(descriptor, buffer, sizeof buffer, 0);
      if (length <= 0) return fail("recv");
    }
    struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event) < 0) return fail("epoll_ctl");
    missing[descriptor] = length;
    if (!ask(descriptor)) return fail("send");
  }

  long answered = 0;
  double end = now() + seconds;
  struct epoll_event events[256];
  while (now() < end) {
    int ready = epoll_wait(poller, events, 256, 100);
    for (int index = 0; index < ready; index++) {
      int descriptor = events[index].data.fd;
      ssize_t got = recv(descriptor, buffer, sizeof buffer, 0);
      if (got <= 0) return fail("recv");
      missing[descriptor] -= got;
      if (missing[descriptor] > 0) continue;
      answered++;
      missing[descriptor] = length;
      if (!ask(descriptor)) return fail("send");
    }
  }
  printf("requests=%ld\n", answered);
  return 0;
}

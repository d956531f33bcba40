// A server whose answers take a known time, for Benchmarks/accuracy: one thread, HTTP/1.1 keep-alive on loopback.
//   timing-server frozen  PERIOD_MS FROZEN_MS   everything stands still for the first part of each period
//   timing-server uniform|exponential LOW_MS HIGH_OR_MEAN_MS SEED   each answer is held back for a draw
// Prints its port. At SIGTERM it prints what it really did, from a request's last byte read to its answer written:
// "count p50 p75 p90 p95 p99 p99.9 max" in milliseconds.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { most = 65536, samples_most = 4000000 };
typedef struct { uint64_t due, read; int descriptor; } waiting;
static waiting heap[most];
static int heap_count;
static uint32_t samples[samples_most]; // microseconds
static size_t sample_count;
static volatile sig_atomic_t ended;
static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}
static void push(waiting item) {
  int at = heap_count++;
  while (at > 0 && heap[(at - 1) / 2].due > item.due) { heap[at] = heap[(at - 1) / 2]; at = (at - 1) / 2; }
  heap[at] = item;
}
static waiting pop(void) {
  waiting first = heap[0], last = heap[--heap_count];
  int at = 0;
  for (;;) {
    int child = 2 * at + 1;
    if (child >= heap_count) break;
    if (child + 1 < heap_count && heap[child + 1].due < heap[child].due) child++;
    if (heap[child].due >= last.due) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = last;
  return first;
}
static void stop(int number) { (void)number; ended = 1; }
static int ascending(const void *left, const void *right) {
  uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
  return a < b ? -1 : a > b;
}
static void reply(int descriptor, uint64_t read) {
  if (send(descriptor, answer, sizeof answer - 1, MSG_NOSIGNAL) < 0) return;
  if (sample_count < samples_most) samples[sample_count++] = (uint32_t)((now() - read) / 1000);
}

int main(int count, char **words) {
  if (count < 4) { fprintf(stderr, "timing-server frozen|uniform|exponential A B [SEED]\n"); return 64; }
  int is_frozen = !strcmp(words[1], "frozen"), is_uniform = !strcmp(words[1], "uniform");
  double a = atof(words[2]) * 1e6, b = atof(words[3]) * 1e6;
  srand48(count > 4 ? atol(words[4]) : 1);
  struct sigaction action = {.sa_handler = stop};
  sigaction(SIGTERM, &action, NULL);
  prctl(PR_SET_TIMERSLACK, 1UL);
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, 4096)
      || getsockname(listener, (struct sockaddr *)&address, &length)) { perror("listen"); return 69; }
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  int poll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
  uint64_t start = now();
  static struct epoll_event events[512];
  while (!ended) {
    if (is_frozen) { // Nothing is accepted, read or written, as when a process is stopped.
      uint64_t into = (now() - start) % (uint64_t)a;
      if (into < (uint64_t)b) {
        uint64_t rest = (uint64_t)b - into;
        struct timespec pause = {.tv_sec = (time_t)(rest / 1000000000u), .tv_nsec = (long)(rest % 1000000000u)};
        nanosleep(&pause, NULL);
        continue;
      }
    }
    uint64_t time = now(), wait = 20000000;
    while (heap_count && heap[0].due <= time) { waiting item = pop(); reply(item.descriptor, item.read); }
    if (heap_count && heap[0].due - time < wait) wait = heap[0].due - time;
    if (is_frozen) { // Not past the next freeze.
      uint64_t rest = (uint64_t)a - (time - start) % (uint64_t)a;
      if (rest < wait) wait = rest;
    }
    struct timespec limit = {.tv_sec = 0, .tv_nsec = (long)wait};
    int ready = epoll_pwait2(poll, events, 512, &limit, NULL);
    if (ready < 0 && errno == ENOSYS) ready = epoll_wait(poll, events, 512, (int)((wait + 999999) / 1000000));
    for (int index = 0; index < ready; index++) {
      int descriptor = events[index].data.fd;
      if (descriptor == listener) {
        int accepted;
        while ((accepted = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
          int one = 1;
          setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
          struct epoll_event interest = {.events = EPOLLIN, .data.fd = accepted};
          epoll_ctl(poll, EPOLL_CTL_ADD, accepted, &interest);
        }
        continue;
      }
      char request[4096];
      ssize_t bytes = recv(descriptor, request, sizeof request, 0);
      if (bytes <= 0) { if (bytes == 0 || errno != EAGAIN) close(descriptor); continue; }
      if (bytes < 4 || memcmp(request + bytes - 4, "\r\n\r\n", 4)) continue; // The generator sends each in one piece.
      uint64_t read = now();
      if (is_frozen) { reply(descriptor, read); continue; }
      double delay = is_uniform ? a + drand48() * (b - a) : a - (b - a) * log(1 - drand48());
      if (heap_count < most) push((waiting){.due = read + (uint64_t)delay, .read = read, .descriptor = descriptor});
    }
  }
  qsort(samples, sample_count, sizeof *samples, ascending);
  double shares[] = {0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1};
  printf("%zu", sample_count);
  for (size_t index = 0; index < sizeof shares / sizeof *shares; index++) {
    size_t at = sample_count ? (size_t)ceil(shares[index] * (double)sample_count) - 1 : 0;
    printf(" %.3f", sample_count ? samples[at] / 1e3 : 0);
  }
  printf("\n");
  return 0;
}

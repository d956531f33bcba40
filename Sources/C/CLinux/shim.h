#pragma once
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// `prctl` is variadic, which Swift can't call.
static inline int clinux_set_timer_slack(unsigned long nanoseconds) { return prctl(PR_SET_TIMERSLACK, nanoseconds); }

// As tools such as top -H show it; at most 15 bytes.
static inline void clinux_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0UL, 0UL, 0UL); }

// A write to a connection that its peer has closed is to fail, not to end the process, also where a library writes
// without MSG_NOSIGNAL. `before` receives the thread's signal mask.
static inline void clinux_hold_broken_pipe(sigset_t *before) {
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, before);
}

// Restores the mask of `clinux_hold_broken_pipe`; a signal that came in between is forgotten.
static inline void clinux_release_broken_pipe(const sigset_t *before) {
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  struct timespec none = {0, 0};
  if (!sigismember(before, SIGPIPE)) while (sigtimedwait(&pipe, NULL, &none) == SIGPIPE) {}
  pthread_sigmask(SIG_SETMASK, before, NULL);
}

// Keeps the calling thread on the processor that is number `index`, counted round, of those that it may use. Returns
// that processor, or -errno. Without the cpu_set_t macros, which want _GNU_SOURCE; 8,192 processors are the kernel's most.
static inline int clinux_pin_thread(int index) {
  unsigned long mask[8192 / (8 * sizeof(unsigned long))] = {0};
  const int bits = 8 * sizeof(unsigned long);
  long bytes = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
  if (bytes <= 0) return -errno;
  int count = 0;
  for (int cpu = 0; cpu < bytes * 8; cpu++) count += mask[cpu / bits] >> cpu % bits & 1;
  if (count == 0) return -EINVAL;
  int wanted = index % count;
  for (int cpu = 0; cpu < bytes * 8; cpu++) {
    if (!(mask[cpu / bits] >> cpu % bits & 1) || wanted-- > 0) continue;
    unsigned long one[8192 / (8 * sizeof(unsigned long))] = {0};
    one[cpu / bits] = 1UL << cpu % bits;
    return syscall(SYS_sched_setaffinity, 0, sizeof one, one) == 0 ? cpu : -errno;
  }
  return -EINVAL;
}

// Orphaned descendants become children of this process, so that they can be found and ended.
static inline int clinux_adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1UL, 0UL, 0UL, 0UL); }

// Takes up to so many bytes out of a TCP socket's buffer without copying them anywhere; as recv(2), tcp(7). Not by recv(),
// of which sanitizers think that it writes. (<sys/socket.h> here would hide it from who imports Glibc.)
static inline long clinux_discard(int descriptor, size_t count) {
  const int truncate = 0x20;  // MSG_TRUNC of the kernel's include/linux/socket.h
  return syscall(SYS_recvfrom, descriptor, NULL, count, truncate, NULL, NULL);
}

// A pipe that programs started later don't get; -1 with errno on failure.
static inline int clinux_pipe(int ends[2]) {
  if (pipe(ends) != 0) return -1;
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  return 0;
}

// CPU time of a process, its ended threads included; -1 when there is no such process.
static inline long long clinux_process_cpu_nanoseconds(pid_t pid) {
  clockid_t clock;
  struct timespec time;
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0) return -1;
  return (long long)time.tv_sec * 1000000000LL + time.tv_nsec;
}

// The waitpid macros, which Swift does not import.
static inline int clinux_exit_code(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : -1; }
static inline int clinux_exit_signal(int status) { return WIFSIGNALED(status) ? WTERMSIG(status) : 0; }

// Starts a program in a session of its own, in the control groups whose cgroup.procs files are given: the child writes
// itself there before it executes anything, so that not one instruction of the program runs outside of them. It is
// killed when the calling thread ends. `output` becomes its standard output and error, /dev/null its input.
// Returns its id, or -errno of the first step that failed.
static inline pid_t clinux_spawn(const char *file, char *const arguments[], char *const environment[],
                                 const int *groups, int group_count, int output) {
  int report[2];
  if (clinux_pipe(report) != 0) return -errno;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t pid = fork();
  if (pid == 0) {
    // Only async-signal-safe calls from here on: other threads may have held any lock.
    int failure = 0;
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (int index = 0; index < group_count && failure == 0; index++) {
      if (write(groups[index], "0", 1) != 1) failure = errno;
    }
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int input = open("/dev/null", O_RDONLY);
    if (input >= 0) dup2(input, 0);
    if (dup2(output, 1) < 0 || dup2(output, 2) < 0) failure = failure ? failure : errno;
    for (int descriptor = 3; descriptor < 1024; descriptor++) {
      if (descriptor != report[1]) close(descriptor);
    }
    if (failure == 0) {
      execve(file, arguments, environment);
      failure = errno;
    }
    if (write(report[1], &failure, sizeof failure) < 0) _exit(127);
    _exit(127);
  }
  int fork_failure = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(report[1]);
  if (pid < 0) {
    close(report[0]);
    return -fork_failure;
  }
  int failure = 0;
  ssize_t count;
  do count = read(report[0], &failure, sizeof failure);
  while (count < 0 && errno == EINTR);
  close(report[0]);
  if (count != sizeof failure) return pid;
  while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
  return -(failure ? failure : EIO);
}

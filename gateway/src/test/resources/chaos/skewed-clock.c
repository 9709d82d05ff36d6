/* Adds SKEW_SECONDS to the wall clock of the process into which it is preloaded. Monotonic clocks stay as they are. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static int (*true_clock)(clockid_t, struct timespec *);
static time_t skew;

/* No monotonic clock has run for so long, and every wall clock is past it: 2001. */
static const time_t ANY_WALL_CLOCK = 1000000000;

__attribute__((constructor)) static void begin(void) {
    const char *seconds = getenv("SKEW_SECONDS");
    skew = seconds ? strtol(seconds, NULL, 10) : 0;
    true_clock = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    if (!true_clock) begin(); /* Another library's constructor asked first. */
    int failed = true_clock(clock, now);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += skew;
    return failed;
}

int gettimeofday(struct timeval *now, void *zone) {
    struct timespec precise;
    (void)zone; /* Obsolete; whoever asks for it is told nothing. */
    if (clock_gettime(CLOCK_REALTIME, &precise)) return -1;
    now->tv_sec = precise.tv_sec;
    now->tv_usec = precise.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *out) {
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now)) return -1;
    if (out) *out = now.tv_sec;
    return now.tv_sec;
}

/* Whoever waits until a moment has it from the wrong clock. */
int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until) {
    struct timespec truly = *until;
    if (until->tv_sec < ANY_WALL_CLOCK) return pthread_cond_clockwait(condition, mutex, CLOCK_MONOTONIC, until);
    truly.tv_sec -= skew;
    return pthread_cond_clockwait(condition, mutex, CLOCK_REALTIME, &truly);
}

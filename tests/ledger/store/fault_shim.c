/* Counts the file system calls of a process that armed it, and at the n-th one kills the process
   (before the call, after it, or after half a write) or lets the call fail. Loaded by LD_PRELOAD;
   the calls that change nothing count only when the process is to be killed before a call. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OFF = -1, BEFORE, AFTER, TORN, FAIL, FAIL_FROM };
enum { READS, CHANGES, WRITES }; /* WRITES can be torn */

struct shared {
    int count;     /* calls counted since armed */
    char name[28]; /* the call that was hit, "" when none was */
};

static struct shared *shared;
static int mode = OFF, wanted, error_number;

/* A page that parent and children of a fork see: call once, before forking. */
struct shared *fault_share(void) {
    if (!shared)
        shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return shared;
}

void fault_arm(int n, int new_mode, int number) {
    shared->count = 0;
    shared->name[0] = 0;
    wanted = n;
    error_number = number;
    mode = new_mode;
}

void fault_disarm(void) { mode = OFF; }

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

/* What is to happen with this call: OFF to go on, or AFTER, TORN, FAIL. */
static int point(const char *name, int kind) {
    if (mode == OFF || (mode != BEFORE && kind == READS) || (mode == TORN && kind != WRITES))
        return OFF;
    int count = ++shared->count;
    if (count < wanted || (count > wanted && mode != FAIL_FROM))
        return OFF;
    snprintf(shared->name, sizeof shared->name, "%s", name);
    if (mode == BEFORE)
        die();
    return mode == FAIL_FROM ? FAIL : mode;
}

#define REAL(result, name, parameters)                                                             \
    static result(*real) parameters;                                                               \
    if (!real)                                                                                     \
        real = (result(*) parameters)dlsym(RTLD_NEXT, #name);

#define AROUND(result, name, kind, call)                                                           \
    int what = point(#name, kind);                                                                 \
    if (what == FAIL) {                                                                            \
        errno = error_number;                                                                      \
        return -1;                                                                                 \
    }                                                                                              \
    result value = call;                                                                           \
    if (what == AFTER)                                                                             \
        die();                                                                                     \
    return value;

#define CALL(result, name, kind, parameters, arguments)                                            \
    result name parameters {                                                                       \
        REAL(result, name, parameters)                                                             \
        AROUND(result, name, kind, real arguments)                                                 \
    }

static int open_kind(int flags) {
    return (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) ? CHANGES : READS;
}

#define OPEN(name)                                                                                 \
    int name(const char *path, int flags, ...) {                                                   \
        REAL(int, name, (const char *, int, ...))                                                  \
        va_list list;                                                                              \
        va_start(list, flags);                                                                     \
        mode_t bits = va_arg(list, mode_t);                                                        \
        va_end(list);                                                                              \
        AROUND(int, name, open_kind(flags), real(path, flags, bits))                               \
    }
#define OPENAT(name)                                                                               \
    int name(int folder, const char *path, int flags, ...) {                                       \
        REAL(int, name, (int, const char *, int, ...))                                             \
        va_list list;                                                                              \
        va_start(list, flags);                                                                     \
        mode_t bits = va_arg(list, mode_t);                                                        \
        va_end(list);                                                                              \
        AROUND(int, name, open_kind(flags), real(folder, path, flags, bits))                       \
    }
#define FCNTL(name)                                                                                \
    int name(int fd, int command, ...) {                                                           \
        REAL(int, name, (int, int, ...))                                                           \
        va_list list;                                                                              \
        va_start(list, command);                                                                   \
        void *argument = va_arg(list, void *);                                                     \
        va_end(list);                                                                              \
        AROUND(int, name, READS, real(fd, command, argument))                                      \
    }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)
FCNTL(fcntl)
FCNTL(fcntl64)

ssize_t write(int fd, const void *data, size_t size) {
    REAL(ssize_t, write, (int, const void *, size_t))
    int what = point("write", WRITES);
    if (what == TORN) {
        real(fd, data, size / 2);
        die();
    }
    if (what == FAIL) {
        errno = error_number;
        return -1;
    }
    ssize_t value = real(fd, data, size);
    if (what == AFTER)
        die();
    return value;
}

CALL(int, creat, CHANGES, (const char *path, mode_t bits), (path, bits))
CALL(int, creat64, CHANGES, (const char *path, mode_t bits), (path, bits))
CALL(ssize_t, read, READS, (int fd, void *data, size_t size), (fd, data, size))
CALL(ssize_t, pread, READS, (int fd, void *d, size_t n, off_t at), (fd, d, n, at))
CALL(ssize_t, pread64, READS, (int fd, void *d, size_t n, off64_t at), (fd, d, n, at))
CALL(ssize_t, pwrite, CHANGES, (int fd, const void *d, size_t n, off_t at), (fd, d, n, at))
CALL(ssize_t, pwrite64, CHANGES, (int fd, const void *d, size_t n, off64_t at), (fd, d, n, at))
CALL(int, fsync, CHANGES, (int fd), (fd))
CALL(int, fdatasync, CHANGES, (int fd), (fd))
CALL(int, rename, CHANGES, (const char *from, const char *to), (from, to))
CALL(int, renameat, CHANGES, (int a, const char *from, int b, const char *to), (a, from, b, to))
CALL(int, renameat2, CHANGES, (int a, const char *from, int b, const char *to, unsigned flags),
     (a, from, b, to, flags))
CALL(int, link, CHANGES, (const char *from, const char *to), (from, to))
CALL(int, unlink, CHANGES, (const char *path), (path))
CALL(int, unlinkat, CHANGES, (int folder, const char *path, int flags), (folder, path, flags))
CALL(int, mkdir, CHANGES, (const char *path, mode_t bits), (path, bits))
CALL(int, rmdir, CHANGES, (const char *path), (path))
CALL(int, ftruncate, CHANGES, (int fd, off_t size), (fd, size))
CALL(int, ftruncate64, CHANGES, (int fd, off64_t size), (fd, size))
CALL(int, chmod, CHANGES, (const char *path, mode_t bits), (path, bits))
CALL(int, fchmod, CHANGES, (int fd, mode_t bits), (fd, bits))
CALL(int, fchmodat, CHANGES, (int folder, const char *path, mode_t bits, int flags),
     (folder, path, bits, flags))
CALL(int, chown, CHANGES, (const char *path, uid_t user, gid_t group), (path, user, group))
CALL(int, fchown, CHANGES, (int fd, uid_t user, gid_t group), (fd, user, group))
CALL(int, utimensat, CHANGES,
     (int folder, const char *path, const struct timespec times[2], int flags),
     (folder, path, times, flags))
CALL(ssize_t, copy_file_range, CHANGES,
     (int from, off64_t *at, int to, off64_t *there, size_t size, unsigned flags),
     (from, at, to, there, size, flags))
CALL(ssize_t, sendfile, CHANGES, (int to, int from, off_t *at, size_t size), (to, from, at, size))
CALL(ssize_t, sendfile64, CHANGES, (int to, int from, off64_t *at, size_t size),
     (to, from, at, size))
CALL(int, flock, READS, (int fd, int operation), (fd, operation))
CALL(int, close, READS, (int fd), (fd))
CALL(int, stat, READS, (const char *path, struct stat *found), (path, found))
CALL(int, stat64, READS, (const char *path, struct stat64 *found), (path, found))
CALL(int, lstat, READS, (const char *path, struct stat *found), (path, found))
CALL(int, lstat64, READS, (const char *path, struct stat64 *found), (path, found))
CALL(int, fstat, READS, (int fd, struct stat *found), (fd, found))
CALL(int, fstat64, READS, (int fd, struct stat64 *found), (fd, found))
CALL(int, fstatat, READS, (int folder, const char *path, struct stat *found, int flags),
     (folder, path, found, flags))
CALL(int, fstatat64, READS, (int folder, const char *path, struct stat64 *found, int flags),
     (folder, path, found, flags))

"""Names that generated C++ must not use, as data.

Sorted lists, one per reason, so that a test can compare them with what a compiler reports. A name too many costs an
underscore nobody needed; a name too few is a package that does not compile.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Keywords up to C++23, the alternative tokens, and identifiers with a special meaning.
KEYWORDS: Final = _words("""
alignas alignof and and_eq asm atomic_cancel atomic_commit atomic_noexcept auto bitand bitor bool break case catch
char char16_t char32_t char8_t class co_await co_return co_yield compl concept const const_cast consteval constexpr
constinit continue decltype default delete do double dynamic_cast else enum explicit export extern false final float
for friend goto if import inline int long module mutable namespace new noexcept not not_eq nullptr operator or or_eq
override private protected public reflexpr register reinterpret_cast requires return short signed sizeof static
static_assert static_cast struct switch synchronized template this thread_local throw true try typedef typeid typename
union unsigned using virtual void volatile wchar_t while xor xor_eq
""")

#: Macros that the runtime's headers bring in from the C library (glibc, and what others are known to define).
MACROS: Final = _words("""
AIO_PRIO_DELTA_MAX alloca assert assert_perror be16toh be32toh be64toh BIG_ENDIAN BUFSIZ BYTE_ORDER CHARCLASS_NAME_MAX
CLOCKS_PER_SEC CLOSE_RANGE_CLOEXEC CLOSE_RANGE_UNSHARE COLL_WEIGHTS_MAX CSIGNAL DELAYTIMER_MAX E2BIG EACCES EADDRINUSE
EADDRNOTAVAIL EADV EAFNOSUPPORT EAGAIN EALREADY EBADE EBADF EBADFD EBADMSG EBADR EBADRQC EBADSLT EBFONT EBUSY
ECANCELED ECHILD ECHRNG ECOMM ECONNABORTED ECONNREFUSED ECONNRESET EDEADLK EDEADLOCK EDESTADDRREQ EDOM EDOTDOT EDQUOT
EEXIST EFAULT EFBIG EHOSTDOWN EHOSTUNREACH EHWPOISON EIDRM EILSEQ EINPROGRESS EINTR EINVAL EIO EISCONN EISDIR EISNAM
EKEYEXPIRED EKEYREJECTED EKEYREVOKED EL2HLT EL2NSYNC EL3HLT EL3RST ELIBACC ELIBBAD ELIBEXEC ELIBMAX ELIBSCN ELNRNG
ELOOP EMEDIUMTYPE EMFILE EMLINK EMSGSIZE EMULTIHOP ENAMETOOLONG ENAVAIL ENETDOWN ENETRESET ENETUNREACH ENFILE ENOANO
ENOBUFS ENOCSI ENODATA ENODEV ENOENT ENOEXEC ENOKEY ENOLCK ENOLINK ENOMEDIUM ENOMEM ENOMSG ENONET ENOPKG ENOPROTOOPT
ENOSPC ENOSR ENOSTR ENOSYS ENOTBLK ENOTCONN ENOTDIR ENOTEMPTY ENOTNAM ENOTRECOVERABLE ENOTSOCK ENOTSUP ENOTTY ENOTUNIQ
ENXIO EOF EOPNOTSUPP EOVERFLOW EOWNERDEAD EPERM EPFNOSUPPORT EPIPE EPROTO EPROTONOSUPPORT EPROTOTYPE ERANGE EREMCHG
EREMOTE EREMOTEIO ERESTART ERFKILL EROFS errno ESHUTDOWN ESOCKTNOSUPPORT ESPIPE ESRCH ESRMNT ESTALE ESTRPIPE ETIME
ETIMEDOUT ETOOMANYREFS ETXTBSY EUCLEAN EUNATCH EUSERS EWOULDBLOCK EXDEV EXFULL EXIT_FAILURE EXIT_SUCCESS EXPR_NEST_MAX
F_LOCK F_OK F_TEST F_TLOCK F_ULOCK FILENAME_MAX FOPEN_MAX HOST_NAME_MAX htobe16 htobe32 htobe64 htole16 htole32
htole64 i386 INFINITY IOV_MAX issubnormal L_ctermid L_cuserid L_INCR L_SET L_tmpnam L_XTND le16toh le32toh le64toh
LINE_MAX linux LITTLE_ENDIAN LOGIN_NAME_MAX LONG_LONG_MAX LONG_LONG_MIN major makedev MATH_ERREXCEPT math_errhandling
MATH_ERRNO MAX_CANON MAX_INPUT MAXFLOAT MB_CUR_MAX MB_LEN_MAX minor MQ_PRIO_MAX NAME_MAX NAN NFDBITS NGROUPS_MAX NULL
NZERO offsetof PATH_MAX PDP_ENDIAN PIPE_BUF pthread_cleanup_pop pthread_cleanup_pop_restore_np pthread_cleanup_push
pthread_cleanup_push_defer_np R_OK RAND_MAX RE_DUP_MAX RTSIG_MAX sched_priority SEEK_CUR SEEK_DATA SEEK_END SEEK_HOLE
SEEK_SET SEM_VALUE_MAX stderr STDERR_FILENO stdin STDIN_FILENO stdout STDOUT_FILENO TEMP_FAILURE_RETRY TIME_UTC
TMP_MAX tsl_rh_assert TTY_NAME_MAX ULONG_LONG_MAX unix va_arg va_copy va_end va_start WCONTINUED WEOF WEXITED
WEXITSTATUS WIFCONTINUED WIFEXITED WIFSIGNALED WIFSTOPPED WNOHANG WNOWAIT WORD_BIT WSTOPPED WSTOPSIG WTERMSIG
WUNTRACED X_OK XATTR_LIST_MAX XATTR_NAME_MAX XATTR_SIZE_MAX
""")

#: Beginnings of names that belong to macros of the same headers, or of the runtime's own.
MACRO_PREFIXES: Final = (
    "ADJ_", "ATOMIC_", "BC_", "CLOCK_", "CLONE_", "CPU_", "FD_", "FP_", "HGVALUE_", "HUGE_VAL", "LC_", "MOD_", "M_",
    "NB_", "NL_", "PTHREAD_", "P_", "PY_", "Py", "RENAME_", "SCHED_", "SIG", "SNAN", "STA_", "SYS_", "TIMER_", "TSL_",
    "W_", "_POSIX",
)  # fmt: skip

#: Limits of the integer types.
MACRO_PATTERN: Final = (
    r"U?INT(_FAST|_LEAST)?(8|16|32|64|MAX|PTR)(_.*)?"
    r"|(S?CHAR|UCHAR|U?SHRT|U?INT|U?LONG|U?LLONG|BOOL|WCHAR|WINT|S?SIZE|PTRDIFF|SIG_ATOMIC)_(MAX|MIN|WIDTH|BIT)"
)

#: What the C library and our own dependencies declare at global scope: no namespace may be called so.
GLOBALS: Final = _words("""
a64l abort abs access acct acos acosf acosh acoshf acoshl acosl adjtime alarm aligned_alloc alloca arc4random
arc4random_buf arc4random_uniform asctime asin asinf asinh asinhf asinhl asinl asprintf at_quick_exit atan atan2
atan2f atan2l atanf atanh atanhf atanhl atanl atexit atof atoi atol bcmp bcopy brk bsearch btowc bzero calloc
canonicalize canonicalize_file_name cbrt cbrtf cbrtl ceil ceilf ceill chdir chmod chown chroot clearenv clearerr clock
clock_adjtime clock_getcpuclockid clock_getres clock_gettime clock_nanosleep clock_settime clone close close_range
closefrom confstr copy_file_range copysign copysignf copysignl cos cosf cosh coshf coshl cosl creat creat64 crypt
ctermid ctime cuserid daddl daemon daylight ddivl destructor dfmal difftime digit div dmull dprintf drand48
drand48_data drem dsqrtl dsubl dup dup2 dup3 duplocale dysize eaccess ecvt endusershell environ erand48 erf erfc erfcf
erfcl erff erfl euidaccess execl execle execlp execv execve execveat execvp execvpe exit exp exp10 exp2 exp2f exp2l
expf expl explicit_bzero expm1 expm1f expm1l f_owner_ex fabs fabsf fabsl faccessat fadd fallocate fallocate64 fchdir
fchmod fchmodat fchown fchownat fclose fcloseall fcntl fcntl64 fcvt fd_mask fd_set fdatasync fdim fdimf fdiml fdiv
fdopen feof ferror fexecve fflush ffma ffs ffsl fgetc fgetpos fgetpos64 fgets fgetwc fgetws file_handle fileno finite
flock flock64 flockfile floor floorf floorl fma fmaf fmal fmax fmaxf fmaxl fmaxmag fmemopen fmin fminf fminl fminmag
fmod fmodf fmodl fmul fopen fopen64 fopencookie fork fpathconf fpclassify fprintf fputc fputs fputwc fputws fread free
freelocale freopen freopen64 frexp frexpf frexpl fromfp fromfpx fscanf fseek fseeko fseeko64 fsetpos fsetpos64 fsqrt
fstat fstat64 fstatat fstatat64 fsub fsync ftell ftello ftello64 ftruncate ftruncate64 ftrylockfile funlockfile
futimens futimes futimesat fwide fwprintf fwrite fwscanf gamma gcvt get_current_dir_name getc getchar getcpu getcwd
getdate getdate_err getdelim getdomainname getdtablesize getegid getentropy getenv geteuid getgid getgroups gethostid
gethostname getitimer getline getloadavg getlogin getopt getpagesize getpass getpayload getpgid getpgrp getpid getppid
getpt getresgid getresuid getsid getsubopt getter gettid gettimeofday getuid getumask getusershell getw getwc getwchar
getwd gmtime grantpt group_member gsignal hgvalue hypot hypotf hypotl ilogb ilogbf ilogbl imaxabs imaxdiv index
initstate inquiry iovec isalnum isalpha isascii isatty isblank iscntrl isctype isdigit isfinite isgraph isgreater
isgreaterequal isinf isinff isinfl isless islessequal islessgreater islower isnan isnanf isnanl isnormal isprint
ispunct isspace isunordered isupper iswalnum iswalpha iswblank iswcntrl iswctype iswdigit iswgraph iswlower iswprint
iswpunct iswspace iswupper iswxdigit isxdigit itimerspec itimerval j0 j0f j0l j1 j1f j1l jn jnf jnl jrand48 kill
killpg l64a labs lchmod lchown lcong48 lconv ldexp ldexpf ldexpl ldiv lgamma lgammaf lgammal link linkat llabs lldiv
llogb llrint llrintf llrintl llround llroundf llroundl localeconv localtime lockf log log10 log10f log10l log1p log1pf
log1pl log2 log2f log2l logb logbf logbl logf logl lrand48 lrint lrintf lrintl lround lroundf lroundl lseek lseek64
lstat lstat64 lutimes main malloc mblen mbrlen mbrtowc mbsinit mbsnrtowcs mbsrtowcs mbstowcs mbtowc memccpy memchr
memcmp memcpy memfrob memmem memmove mempcpy memset mkdir mkdirat mkdtemp mkfifo mkfifoat mknod mknodat mkostemp
mkostemp64 mkostemps mkostemps64 mkstemp mkstemp64 mkstemps mkstemps64 mktemp mktime modf modff modfl mrand48
name_to_handle_at nan nanf nanl nanobind nanobind_backend nanosleep nearbyint nearbyintf nearbyintl newlocale
nextafter nextafterf nextafterl nextdown nexttoward nexttowardf nexttowardl nextup nice nrand48 obstack obstack_printf
obstack_vprintf on_exit open open64 open_by_handle_at open_memstream open_wmemstream openat openat64 optarg opterr
optind optopt pathconf pause pclose perror pipe pipe2 popen pow powf powl pread pread64 printf profil pselect psiginfo
psignal ptsname putc putchar putenv puts putw putwc putwchar pwrite pwrite64 qecvt qfcvt qgcvt qsort quick_exit raise
rand random random_data read readahead readlink readlinkat realloc reallocarray realpath remainder remainderf
remainderl remove remquo remquof remquol rename renameat renameat2 revoke rewind rindex rint rintf rintl rmdir round
roundeven roundf roundl rpmatch sbrk scalb scalbln scalblnf scalblnl scalbn scalbnf scalbnl scanf sdigit secure_getenv
seed48 select setbuf setbuffer setdomainname setegid setentry setenv seteuid setgid sethostid sethostname setitimer
setlinebuf setlocale setlogin setns setpayload setpayloadsig setpgid setpgrp setregid setresgid setresuid setreuid
setsid setstate setter settimeofday setuid setusershell setvbuf sigaction sigaddset sigaltstack sigandset sigblock
sigcontext sigdelset sigemptyset sigevent sigfillset siggetmask sighold sigignore siginterrupt sigisemptyset
sigismember signal signbit signgam significand sigorset sigpause sigpending sigprocmask sigqueue sigrelse sigreturn
sigset sigsetmask sigstack sigsuspend sigtimedwait sigval sigwait sigwaitinfo sin sincos sinf sinh sinhf sinhl sinl
sleep snprintf splice sprintf sqrt sqrtf sqrtl srand srand48 srandom sscanf ssignal stat stat64 statx statx_timestamp
std stderr stdin stdout stpcpy stpncpy strcasecmp strcat strchr strcmp strcoll strcpy strcspn strdup strerror strfromd
strfromf strfroml strfry strftime strlen strncasecmp strncat strncmp strncpy strndup strnlen strpbrk strptime strrchr
strsep strsignal strspn strstr strtod strtof strtoimax strtok strtol strtold strtoq strtoul strtoumax strtouq
strverscmp strxfrm stwodigits swab swprintf swscanf symlink symlinkat sync sync_file_range syncfs syscall sysconf
system sysv_signal tan tanf tanh tanhf tanhl tanl tcgetpgrp tcsetpgrp tee tempnam tgamma tgammaf tgammal tgkill time
timegm timelocal timer_create timer_delete timer_getoverrun timer_gettime timer_settime timespec timespec_get
timespec_getres timeval timex timezone tm tmpfile tmpfile64 tmpnam toascii tolower totalorder totalordermag toupper
towctrans towlower towupper trunc truncate truncate64 truncf truncl tsl ttyname ttyslot twodigits tzname tzset u_char
u_int u_long u_short ualarm ufromfp ufromfpx uint ulong umask ungetc ungetwc unlink unlinkat unlockpt unsetenv unshare
uselocale ushort usleep utimensat utimes va_list valloc vasprintf vdprintf vfork vfprintf vfscanf vfwprintf vfwscanf
vhangup vmsplice vprintf vscanf vsnprintf vsprintf vsscanf vswprintf vswscanf vwprintf vwscanf wcpcpy wcpncpy wcrtomb
wcscasecmp wcscat wcschr wcschrnul wcscmp wcscoll wcscpy wcscspn wcsdup wcsftime wcslen wcsncasecmp wcsncat wcsncmp
wcsncpy wcsnlen wcsnrtombs wcspbrk wcsrchr wcsrtombs wcsspn wcsstr wcstod wcstof wcstoimax wcstok wcstol wcstold
wcstombs wcstoq wcstoul wcstoumax wcstouq wcswcs wcswidth wcsxfrm wctob wctomb wctrans wctype wcwidth wmemchr wmemcmp
wmemcpy wmemmove wmempcpy wmemset wprintf wrapperbase wrapperfunc_kwds write wscanf y0 y0f y0l y1 y1f y1l yn ynf ynl
""")

#: Standard headers: a generated file of such a name would be found in their place.
HEADERS: Final = _words("""
aio alloca assert byteswap complex cpio crypt ctype dirent dlfcn elf endian err errno error execinfo fcntl features
fenv float fnmatch fstab fts ftw getopt glob grp iconv ifaddrs inttypes iso646 langinfo lastlog libgen limits link
locale malloc math mcheck memory mntent monetary mqueue ncurses netdb nl_types obstack paths poll printf proc pthread
pwd Python re_comp regex resolv sched search semaphore setjmp sgtty shadow signal spawn stab stdalign stdarg stdatomic
stdbool stddef stdint stdio stdlib stdnoreturn string strings stropts syscall sysexits syslog tar termio termios
tgmath threads time uchar ucontext ulimit unistd utime utmp utmpx values wait wchar wctype wordexp
""")

#: Members of the handles generated classes derive from, and of the root class; fields may not hide them.
HANDLE_MEMBERS: Final = _words("""
all_valid apply basic_shape bundle_handle child clear context_ data delta end_tick for_each_modified has_observers
has_observers_in_subtree header invalidate last_modified_time mark_modified modified node_handle now observable_node
overlay_ overlay_type ref set_leaf shape storage storage_ subscribe subscribe_elements tick time_series valid value_
value_type
""")

#: Members of the base of a generated delta.
DELTA_MEMBERS: Final = _words("""
bundle_delta change members parts
""")

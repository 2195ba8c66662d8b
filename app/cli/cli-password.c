#include "app/cli/cli-password.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define PASSWORD_MAX 1024 /* bytes */

static char *
set_errno_error (GError **error, const char *what)
{
  int code = errno;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), "%s: %s", what, g_strerror (code));
  return NULL;
}

/* One line, a byte at a time: what follows it is not ours. */
static char *
read_line (int fd, const char *what, GError **error)
{
  char line[PASSWORD_MAX + 1] = { 0 };
  gsize n = 0;
  gssize got;
  while (n < PASSWORD_MAX && (got = read (fd, line + n, 1)) != 0)
    {
      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        return set_errno_error (error, what);
      if (line[n] == '\n')
        break;
      n++;
    }
  line[n] = '\0';
  if (n > 0 && line[n - 1] == '\r')
    line[n - 1] = '\0';
  char *password = g_strdup (line);
  explicit_bzero (line, sizeof line);
  if (*password == '\0')
    {
      g_clear_pointer (&password, g_free);
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, _ ("%s: there is no password"), what);
    }
  return password;
}

/* The terminal itself, so that output may go elsewhere. Signals wait until it echoes again. */
static char *
ask (const char *prompt, GError **error)
{
  struct termios shown, hidden;
  sigset_t signals, before;
  int fd = open ("/dev/tty", O_RDWR | O_CLOEXEC);
  if (fd < 0 || tcgetattr (fd, &shown) != 0)
    {
      if (fd >= 0)
        close (fd);
      g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_NXIO,
                           _ ("there is no terminal to ask for the password; write --password-file or --password-fd"));
      return NULL;
    }
  sigemptyset (&signals);
  sigaddset (&signals, SIGINT);
  sigaddset (&signals, SIGTSTP);
  sigprocmask (SIG_BLOCK, &signals, &before);
  hidden = shown;
  hidden.c_lflag &= ~(tcflag_t) ECHO;
  tcsetattr (fd, TCSAFLUSH, &hidden);
  if (write (fd, prompt, strlen (prompt)) < 0)
    errno = 0; /* nobody sees it, who knows it can type all the same */
  char *password = read_line (fd, "/dev/tty", error);
  tcsetattr (fd, TCSAFLUSH, &shown);
  if (write (fd, "\n", 1) < 0)
    errno = 0;
  close (fd);
  sigprocmask (SIG_SETMASK, &before, NULL);
  return password;
}

char *
wt_cli_password (const char *prompt, const char *file, const char *fd, GError **error)
{
  guint64 number = 0;
  if (fd && !g_ascii_string_to_unsigned (fd, 10, 0, G_MAXINT, &number, error))
    return NULL;
  if (fd)
    return read_line (number, fd, error);
  if (file == NULL)
    return ask (prompt, error);
  int opened = open (file, O_RDONLY | O_CLOEXEC);
  if (opened < 0)
    return set_errno_error (error, file);
  char *password = read_line (opened, file, error);
  close (opened);
  return password;
}

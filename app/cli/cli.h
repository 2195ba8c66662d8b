/* The headless program: one table of commands (main.c), a file a command. It links no GTK. */
#pragma once

#include "app/trace/trace.h"

#include <json-glib/json-glib.h>

typedef enum {
  WT_CLI_DONE = 0,
  WT_CLI_INPUT = 1, /* what was given is wrong; stderr says what */
  WT_CLI_USAGE = 2, /* the command line is wrong */
} WtCliStatus;

typedef struct {
  const char *name;
  const char *help; /* N_(): one line */
  /* `args` as main gets them, from the command's name on; NULL-terminated; may be changed. */
  WtCliStatus (*run) (char ***args);
} WtCliCommand;

WtCliStatus wt_cli_run (char ***args);
WtCliStatus wt_cli_live (char ***args);
WtCliStatus wt_cli_proxy (char ***args);
WtCliStatus wt_cli_fetch (char ***args);
WtCliStatus wt_cli_show (char ***args);
WtCliStatus wt_cli_dissect (char ***args);
WtCliStatus wt_cli_check (char ***args);
WtCliStatus wt_cli_mime (char ***args);
WtCliStatus wt_cli_mib (char ***args);
WtCliStatus wt_cli_snmp (char ***args);

/* --- what the commands share -------------------------------------------------------------------------------------- */

/* Reads the options out of `args`; what is left are the command's name and its arguments, of which there must be
 * min to max. --help prints the usage text and ends the program. FALSE: said on stderr why; the status is USAGE. */
gboolean wt_cli_parse (GOptionContext *context, char ***args, guint min, guint max);
/* `wiretalk-cli: message` on stderr. */
void wt_cli_error (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* For a message about the command line: adds where to read how it is done. Returns WT_CLI_USAGE. */
WtCliStatus wt_cli_usage (const char *command, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Text to stdout: UTF-8 whatever the locale says, flushed. FALSE: nobody reads it any more. */
gboolean wt_cli_print (const char *text);
/* Appends a value, which is valid UTF-8, on one line: harmless to a terminal, cut where it gets long. */
void wt_cli_append_value (GString *text, const char *value);
/* Colours are wanted: stdout is a terminal that has them, and NO_COLOR is not set. */
gboolean wt_cli_colours (void);

typedef enum { WT_CLI_TEXT, WT_CLI_JSON } WtCliFormat;
/* "text", "json", NULL (text). FALSE: anything else. */
gboolean wt_cli_format (const char *name, WtCliFormat *format);

/* Commands that serve on real sockets (live, proxy): the options they share, and the loop that prints the dialogue. */
#pragma once

#include "app/cli/cli-print.h"
#include "app/scenario/live.h"

typedef struct {
  char *ready_file, *format, *trace_limit, *certificate, *key, *key_log;
  gboolean quiet;
} WtCliServeOptions;

void wt_cli_serve_add_options (GOptionContext *context, WtCliServeOptions *options);
/* Not DONE: said on stderr. `live` borrows from the options. */
WtCliStatus wt_cli_serve_read (const char *command, const WtCliServeOptions *options, WtLiveOptions *live,
                               WtCliFormat *format);
void wt_cli_serve_options_clear (WtCliServeOptions *self);

/* Before anything listens; `bind` (nullable): an address that other computers may reach is told of. */
void wt_cli_serve_prepare (const WtCliServeOptions *options, const char *bind);
/* Starts it, prints what is said until a signal comes, ends it. */
WtCliStatus wt_cli_serve (WtLive *live, const WtCliServeOptions *options, WtCliFormat format);
/* The same until `host` has noted what became of its work; INPUT when that is an error. */
WtCliStatus wt_cli_serve_until (WtLive *live, const char *host, const WtCliServeOptions *options, WtCliFormat format);

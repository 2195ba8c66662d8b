/* Prints a trace, event by event, as text or JSON; while it grows, too. */
#pragma once

#include "app/cli/cli.h"
#include "app/trace/filter.h"

typedef struct {
  WtTrace *trace;
  WtCliFormat format;
  const WtFilter *filter; /* (nullable) only events that match; notes and the like never do */
  const WtFilter *until;  /* (nullable) the first event that matches is the last one */
  gboolean packets;       /* packets, too */
  guint32 next;           /* event to go on with */
  guint32 turn_max;       /* events looked at in one call; 0: as many as there are */
  guint n_printed;
  guint n_lost; /* events that a record with a limit dropped before they were printed */
  gboolean stopped; /* `until` has matched */
  gboolean colours;
} WtCliPrinter;

void wt_cli_printer_init (WtCliPrinter *self, WtTrace *trace, WtCliFormat format);
/* Prints what came since the last call. FALSE: nobody reads it any more. */
gboolean wt_cli_printer_go_on (WtCliPrinter *self);
gboolean wt_cli_printer_has_more (const WtCliPrinter *self);
/* It is over: says on stderr what could not be printed. */
void wt_cli_printer_finish (WtCliPrinter *self);

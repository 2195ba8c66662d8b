/* What a view is told about hosts and links beside the trace: how a host is called in the user's language, what type
 * it is, what a line can do. The window answers from the scenario; without answers the trace alone is used. */
#pragma once

#include "app/trace/trace.h"

typedef struct {
  const char *(*label) (guint32 node, gpointer user_data);     /* (nullable); NULL: the entity's name */
  const char *(*type) (guint32 node, gpointer user_data);      /* (nullable); "mail-server", "router" ...; NULL: guessed */
  const char *(*link_text) (guint32 link, gpointer user_data); /* (nullable); "10 ms · 100 Mbit/s"; NULL: nothing */
} WtCanvasNames;

/* The label, or the entity's name; never NULL. `names` is nullable. */
const char *wt_names_label (const WtCanvasNames *names, gpointer user_data, WtTrace *trace, guint32 node);
/* The type, or what the trace suggests: who has mailboxes is a mail server, who answers DNS a name server. Never NULL. */
const char *wt_names_type (const WtCanvasNames *names, gpointer user_data, WtTrace *trace, guint32 node);
/* "Mail server", in the user's language, for a type. */
const char *wt_type_title (const char *type);

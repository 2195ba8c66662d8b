/* Checks of single values: what a key's type allows, and what is said when it does not fit. */
#pragma once

#include "app/hosts/host.h"

/* A value, checked and taken apart. */
typedef struct {
  gboolean given;
  char *text;     /* (nullable) trimmed; TEXT: unescaped */
  char **list;    /* (nullable) list types */
  gint64 number;  /* NUMBER, SIZE, TIME, EXTENSIONS; BOOLEAN: 0, 1 */
} WtKeyValue;

/* FALSE with error: what was found, what would be right; *value is untouched then. */
gboolean wt_key_check (WtKeyType type, const char *text, WtKeyValue *value, GError **error);
void wt_key_value_clear (WtKeyValue *self);
/* Frees a text that may be a password, and leaves nothing of it in memory. */
void wt_wipe (char **text);

/* "10.0.1.0/24", "10.0.2.7". */
gboolean wt_parse_network (const char *text, guint32 *ip, guint32 *mask);
gboolean wt_parse_ipv4 (const char *text, guint32 *ip);
/* "host", "host:port"; *port stays when there is none. */
gboolean wt_parse_endpoint (const char *text, char **host, guint16 *port);

/* Fields: the tree that a dissection gives (the left pane of a packet analyser).
 *
 * A dissector turns the bytes of one message into a tree of fields. Each field points to its WtFieldInfo (name, type,
 * label: constant tables in the dissector's room) and covers a byte range of the message. Names are the ones that
 * Wireshark's display filters use, so that what is learned here serves there; where Wireshark has no name for what we
 * show, the name starts with "wiretalk.".
 *
 * Labels are marked with N_() and translated by whoever shows them. Values are text as it stands on the wire, made
 * valid UTF-8. */
#pragma once

#include <glib.h>

typedef enum {
  WT_FIELD_NONE,   /* a branch or a mark: it is there or not (Wireshark's FT_NONE and FT_PROTOCOL) */
  WT_FIELD_STRING, /* compared as text */
  WT_FIELD_UINT,   /* compared as number */
  WT_FIELD_INT,    /* compared as signed number */
  WT_FIELD_BOOLEAN,
  WT_FIELD_IPV4,  /* number in host byte order; compared as address, also with /prefix */
  WT_FIELD_BYTES, /* value is hex with colons */
  WT_FIELD_TIME,  /* seconds in text, nanoseconds in number */
} WtFieldType;

/* What a field is: one constant per field name. */
typedef struct {
  const char *name; /* "smtp.req.command" */
  WtFieldType type;
  const char *label; /* N_("Command"); English */
} WtFieldInfo;

typedef struct _WtField WtField;
struct _WtField {
  const WtFieldInfo *info;
  char *value;          /* (nullable) text of the value */
  gint64 number;        /* value of UINT, INT, BOOLEAN, IPV4, TIME */
  gsize start, end;     /* byte range [start, end) in the message; end == start: generated, covers no bytes */
  char *glossary;       /* (nullable) glossary key, "smtp.command.MAIL" */
  GPtrArray *children;  /* (nullable) (element-type WtField) */
};

/* Makes a field; append it to a parent or keep it as root. `value` is copied, bytes that are not UTF-8 become U+FFFD. */
WtField *wt_field_new (const WtFieldInfo *info, gsize start, gsize end, const char *value, gssize value_len);
WtField *wt_field_new_number (const WtFieldInfo *info, gsize start, gsize end, gint64 number);
void wt_field_free (WtField *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtField, wt_field_free)

/* Appends `child` (transfer full) and returns it, borrowed. */
WtField *wt_field_append (WtField *self, WtField *child);
WtField *wt_field_append_string (WtField *self, const WtFieldInfo *info, gsize start, gsize end, const char *value,
                                 gssize value_len);
WtField *wt_field_append_number (WtField *self, const WtFieldInfo *info, gsize start, gsize end, gint64 number);

/* Sets the glossary key; printf-style. Returns self. */
WtField *wt_field_set_glossary (WtField *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* First field called `name` in the tree, depth first. (transfer none) (nullable) */
const WtField *wt_field_find (const WtField *self, const char *name);

/* Deepest field whose range holds `offset`. (transfer none) (nullable) */
const WtField *wt_field_at (const WtField *self, gsize offset);

/* Calls `func` for each field of the tree, depth first, parents before children, until it returns FALSE. */
typedef gboolean (*WtFieldFunc) (const WtField *field, guint depth, gpointer user_data);
gboolean wt_field_walk (const WtField *self, WtFieldFunc func, gpointer user_data);

/* Names of managed objects: MIB modules (RFC 2578, 2579), read with libsmi into a tree that does not change any more.
 *
 * wt_mib_default() is what came with the program (lessons/mibs) and what the user has in $XDG_DATA_HOME/wiretalk/mibs;
 * it is read once, at its first use, and lives as long as the program. A tree may be read from any thread.
 *
 * A name is written as net-snmp writes it: ifDescr.2, IF-MIB::ifDescr.2, .1.3.6.1.2.1.2.2.1.2.2, interfaces.2.1.2.2. */
#pragma once

#include "protocols/snmp/snmp-dissect.h"

typedef struct _WtMib WtMib;
typedef struct _WtMibObject WtMibObject;

typedef enum {
  WT_MIB_NODE,
  WT_MIB_SCALAR,
  WT_MIB_TABLE,
  WT_MIB_ROW,
  WT_MIB_COLUMN,
  WT_MIB_NOTIFICATION,
} WtMibKind;

typedef enum {
  WT_MIB_NO_ACCESS,  /* nodes; not-accessible */
  WT_MIB_FOR_NOTIFY, /* accessible-for-notify */
  WT_MIB_READ_ONLY,
  WT_MIB_READ_WRITE,
  WT_MIB_READ_CREATE, /* columns of rows that can be made */
} WtMibAccess;

/* What an index or a value looks like beyond its tag. */
typedef enum {
  WT_MIB_PLAIN,
  WT_MIB_TEXT, /* octets that are text: DisplayString, SnmpAdminString */
  WT_MIB_BITS,
  WT_MIB_MAC,  /* octets with the hint 1x: */
  WT_MIB_DATE, /* DateAndTime */
  WT_MIB_INET, /* InetAddress: 4 bytes are IPv4, 16 are IPv6 */
} WtMibLook;

typedef struct {
  const char *name;
  gint64 number;
} WtMibEnum;

typedef struct {
  gint64 least, most; /* of a number, or of a length in bytes */
} WtMibRange;

/* One node of the tree. Constant; strings live as long as the tree. */
struct _WtMibObject {
  const char *name;        /* "ifDescr" */
  const char *module;      /* "IF-MIB"; "" of the first arcs */
  const char *description; /* English; may be "" */
  WtOid oid;
  WtMibKind kind;
  WtMibAccess access;
  guint8 tag; /* WtSnmpValueTag or WtBerTag of its values; 0: it has none */
  WtMibLook look;
  const char *syntax;     /* "DisplayString", "INTEGER", "Counter32"; "" without values */
  const char *units;      /* (nullable) */
  const WtMibEnum *enums; /* enumerations, or the bits of BITS */
  guint n_enums;
  const WtMibRange *ranges; /* none: whatever the tag allows */
  guint n_ranges;
  const WtMibObject *parent, *child, *next; /* (nullable) first child; next sibling, by arc */
  const WtMibObject *const
      *index; /* of a row (what it augments counts): its index objects; of a notification: what it carries */
  guint n_index;
  gboolean implied; /* the last index is written without its length, RFC 2578 7.7 */
};

#define WT_MIB_ERROR (wt_mib_error_quark ())
GQuark wt_mib_error_quark (void);
typedef enum {
  WT_MIB_ERROR_NAME,
  WT_MIB_ERROR_VALUE,
  WT_MIB_ERROR_MODULE
} WtMibError;

#define WT_MIB_MODULE_MAX (4 * 1024 * 1024) /* bytes of a module file */

/* (transfer none) never NULL. */
const WtMib *wt_mib_default (void);
/* Reads every module file of the folders. What is wrong in one is told in `problems` (element-type utf8, optional):
 * file, line and what; the other modules are there all the same. Any thread, one after the other. */
WtMib *wt_mib_load (const char *const *folders, GPtrArray *problems);
void wt_mib_free (WtMib *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtMib, wt_mib_free)

/* What was wrong with the user's own modules when the default was read (element-type utf8; transfer none). */
GPtrArray *wt_mib_problems (const WtMib *self);
const WtMibObject *wt_mib_root (const WtMib *self); /* iso; its siblings are the other first arcs */
/* "ifDescr" or "IF-MIB::ifDescr". (nullable) */
const WtMibObject *wt_mib_by_name (const WtMib *self, const char *name);
/* The deepest object whose OID begins the given one: of ifDescr.2 the column ifDescr. (nullable) */
const WtMibObject *wt_mib_by_oid (const WtMib *self, const WtOid *oid);

/* A name as above to an OID. FALSE with error (WT_MIB_ERROR_NAME): says what is not known, and what is near. */
gboolean wt_mib_parse (const WtMib *self, const char *text, WtOid *oid, GError **error);
/* "IF-MIB::ifDescr.2"; an OID that nobody has named in numbers. (transfer full) */
char *wt_mib_oid_to_string (const WtMib *self, const WtOid *oid);
/* A value as people read it, knowing its object: "up(1)", "(6203) 0 d 00:01:02.03", "IF-MIB::linkDown"; with units.
 * (transfer full) */
char *wt_mib_value_to_string (const WtMib *self, const WtOid *name, const WtSnmpValue *value);
/* A value for an object as people write it: "up", "2", "text", "0x0a0b", "10.0.0.1". Octets and OIDs come to lie in
 * `buffer`, which the value borrows. FALSE with error (WT_MIB_ERROR_VALUE): what was found, what would be right. */
gboolean wt_mib_value_parse (const WtMib *self, const WtOid *name, const char *text, WtSnmpValue *value,
                             GByteArray *buffer, GError **error);

/* Splits an instance's index (the arcs behind the column) by the row's INDEX into values as text: { "2" }, { "ipv4",
 * "10.0.0.1" }. NULL: it does not fit. (transfer full) */
char **wt_mib_index_to_strings (const WtMib *self, const WtOid *instance);

/* --- what is shown, in the names of wt_mib_default() --- */

/* Names and values without their module, for wt_snmp_summary(): "ifOperStatus.2", "down(2)". */
extern const WtSnmpNames wt_mib_line_names;
/* What the numbers of a dissected field stand for: "ifOperStatus.2" of a snmp.name. NULL: nothing that says more.
 * (transfer full) (nullable) */
char *wt_mib_field_name (const WtField *field);

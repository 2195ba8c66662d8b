/* SNMP dissection: every element of a message with its tag, length and contents, in all versions.
 *
 * What is encrypted can be shown when somebody has the keys: a keyring is a constant set of users with their keys; same
 * bytes, same keyring, same tree. Digests are verified with it, too. */
#pragma once

#include "protocols/base/dissector.h"
#include "protocols/snmp/snmp-usm.h"

extern const WtDissector wt_snmp_dissector;

/* How a line writes what objects are called and what they are worth: dotted numbers, unless somebody knows the MIB.
 * Both (transfer full). */
typedef struct {
  char *(*name) (const WtOid *name);
  char *(*value) (const WtOid *name, const WtSnmpValue *value);
} WtSnmpNames;

/* Counted references; never changed after it was made, so any thread may read it. */
typedef struct _WtSnmpKeyring WtSnmpKeyring;

/* The users of `old` (nullable) and one more. Takes milliseconds for a user with passwords that is not yet in it. The
 * same keyring again (another reference), where it is. (transfer full) */
WtSnmpKeyring *wt_snmp_keyring_with (WtSnmpKeyring *old, const WtSnmpUser *user);
WtSnmpKeyring *wt_snmp_keyring_ref (WtSnmpKeyring *self);
void wt_snmp_keyring_unref (WtSnmpKeyring *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WtSnmpKeyring, wt_snmp_keyring_unref)

typedef enum {
  WT_SNMP_KEYRING_NO_USER, /* nobody of that name with what it takes */
  WT_SNMP_KEYRING_WRONG,   /* the digest is not what any of them would have made */
  WT_SNMP_KEYRING_RIGHT,
} WtSnmpKeyringResult;

/* Verifies a message's digest. `clear` (not NULL when it is encrypted): filled with the scoped PDU in clear when RIGHT.
 */
WtSnmpKeyringResult wt_snmp_keyring_open (const WtSnmpKeyring *self, const WtSnmpMessage *message, const guint8 *bytes,
                                          gsize n_bytes, GByteArray *clear);

/* A message in a line. `keys` (nullable) show what is encrypted, `names` (nullable) what the numbers stand for.
 * (transfer full) */
char *wt_snmp_summary (const WtSnmpKeyring *keys, const WtSnmpNames *names, const guint8 *bytes, gsize n_bytes);

/* A small managed device for tests and benchmarks: objects in a sorted array, some of which can be set; and an agent
 * with communities and users around it. */
#pragma once

#include "protocols/snmp/snmp-agent.h"

#define SAMPLE_PASSWORD "wiretalk123"
#define SAMPLE_ENTERPRISE 64000

typedef struct {
  WtOid name;
  guint8 tag;
  gint64 number;  /* INTEGER and unsigned ones */
  char *octets;   /* OCTET STRING; encoded OID */
  gsize n_octets;
  gboolean writable;
} SampleObject;

typedef struct {
  GArray *objects; /* (element-type SampleObject) by name */
  guint n_done;    /* assignments that went through the DONE phase, of Sets that succeeded */
} SampleMib;

/* What can be set beside sysContact, sysName and sysLocation (text of at most 255 bytes): integers under 1.3.6.1.4.1.64000. */
#define SAMPLE_NUMBER "1.3.6.1.4.1.64000.1.0"        /* 0 to 100 */
#define SAMPLE_COMMIT_FAILS "1.3.6.1.4.1.64000.2.0"  /* any; its commit always fails */
#define SAMPLE_UNDO_FAILS "1.3.6.1.4.1.64000.3.0"    /* any; it cannot be undone */
#define SAMPLE_GEN_ERR "1.3.6.1.4.1.64000.4.0"       /* cannot be read */

SampleMib *sample_mib_new (guint n_interfaces);
void sample_mib_free (SampleMib *self);
const SampleObject *sample_mib_find (const SampleMib *self, const char *name);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SampleMib, sample_mib_free)

/* Users, one a pair of protocols: "noauth", then "md5", "sha" ..., then "md5des", "shaaes", "sha256aes256" ... */
void sample_add_users (WtSnmpUsm *usm);
WtSnmpUsm *sample_usm_new (const char *engine, gint64 start);
/* Communities public (reads) and private (writes), all users (write). */
WtSnmpAgent *sample_agent_new (WtSnmpUsm *usm, SampleMib *mib);
WtOid sample_oid (const char *text);

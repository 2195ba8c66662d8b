/* Between the dissector's files: snmp-dissect.c (messages, summaries), snmp-dissect-pdu.c (PDUs and bindings),
 * snmp-dissect-v3.c (headers of version 3), snmp-dissect-ber.c (elements). */
#pragma once

#include "protocols/snmp/snmp-dissect.h"
#include "protocols/snmp/snmp-fields.h"

#define SNMP_INFO(id) (&wt_snmp_field_infos[id])

/* One element as a field that covers all of it, with tag and length (and contents, of a primitive one) inside. */
WtField *wt_snmp_append_element (WtField *parent, WtSnmpField id, const WtBerElement *element);
/* Just tag and length, inside of a field that is there. */
void wt_snmp_append_frame (WtField *field, const WtBerElement *element);
/* The next element, which must have that tag, and its value. NULL: the reader's problem says why. */
WtField *wt_snmp_append_integer (WtField *parent, WtSnmpField id, WtBerReader *reader, const char *problem);
WtField *wt_snmp_append_text (WtField *parent, WtSnmpField id, WtBerReader *reader, const char *problem);
WtField *wt_snmp_append_hex (WtField *parent, WtSnmpField id, WtBerReader *reader, const char *problem);
/* Values of fields. */
void wt_snmp_set_hex (WtField *field, const guint8 *bytes, gsize n_bytes);
void wt_snmp_set_named (WtField *field, const char *name, gint64 number); /* "noSuchName (2)" */
void wt_snmp_set_text (WtField *field, const char *text);

/* Each takes up what `reader` holds; a fault is in reader->problem. */
void wt_snmp_dissect_pdu (WtField *parent, WtBerReader *reader);
void wt_snmp_dissect_scoped (WtField *parent, WtBerReader *reader);
void wt_snmp_dissect_v3 (WtField *root, WtBerReader *reader, const WtSnmpKeyring *keys);
void wt_snmp_append_problem (WtField *parent, const WtBerReader *reader);

/* snmp-secret.c: WtDissector.secret */
gboolean wt_snmp_dialogue_secret (WtSecretState *state, WtDirection direction, guint8 context, const guint8 *bytes,
                                  gsize n_bytes, WtSecret *secret);

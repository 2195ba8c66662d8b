/* Messages and PDUs to bytes. The writer goes backwards, so the last member is written first. */
#include "protocols/snmp/snmp-message.h"

static void
write_slice (WtBerWriter *writer, WtSlice slice)
{
  wt_ber_write_octets (writer, WT_BER_OCTETS, slice.bytes, slice.n);
}

static void
write_bindings (const WtSnmpPdu *self, WtBerWriter *writer)
{
  gsize list = wt_ber_writer_length (writer);
  for (guint i = self->bindings->len; i > 0; i--)
    {
      const WtSnmpVarBind *binding = &g_array_index (self->bindings, WtSnmpVarBind, i - 1);
      gsize length = wt_ber_writer_length (writer);
      wt_snmp_value_write (&binding->value, writer);
      wt_ber_write_oid (writer, WT_BER_OID, &binding->name);
      wt_ber_write_header (writer, WT_BER_SEQUENCE, length);
    }
  wt_ber_write_header (writer, WT_BER_SEQUENCE, list);
}

static void
write_trap_head (const WtSnmpPdu *self, WtBerWriter *writer)
{
  guint8 ip[4] = { self->agent_addr >> 24, self->agent_addr >> 16 & 0xff, self->agent_addr >> 8 & 0xff,
                   self->agent_addr & 0xff };
  wt_ber_write_unsigned (writer, WT_SNMP_TIME_TICKS, self->time_stamp);
  wt_ber_write_integer (writer, WT_BER_INTEGER, self->specific_trap);
  wt_ber_write_integer (writer, WT_BER_INTEGER, self->generic_trap);
  wt_ber_write_octets (writer, WT_SNMP_IP_ADDRESS, ip, sizeof ip);
  wt_ber_write_oid (writer, WT_BER_OID, &self->enterprise);
}

void
wt_snmp_pdu_write (const WtSnmpPdu *self, WtBerWriter *writer)
{
  gsize length = wt_ber_writer_length (writer);
  write_bindings (self, writer);
  if (self->type == WT_SNMP_TRAP_V1)
    write_trap_head (self, writer);
  else
    {
      wt_ber_write_integer (writer, WT_BER_INTEGER, self->error_index);
      wt_ber_write_integer (writer, WT_BER_INTEGER, self->error_status);
      wt_ber_write_integer (writer, WT_BER_INTEGER, self->request_id);
    }
  wt_ber_write_header (writer, self->type, length);
}

void
wt_snmp_scoped_write (const WtSnmpMessage *self, WtBerWriter *writer)
{
  gsize length = wt_ber_writer_length (writer);
  wt_snmp_pdu_write (&self->pdu, writer);
  write_slice (writer, self->context_name);
  write_slice (writer, self->context_engine_id);
  wt_ber_write_header (writer, WT_BER_SEQUENCE, length);
}

static void
write_security_parameters (const WtSnmpMessage *self, WtBerWriter *writer)
{
  gsize length = wt_ber_writer_length (writer);
  write_slice (writer, self->priv_parameters);
  write_slice (writer, self->auth_parameters);
  write_slice (writer, self->user_name);
  wt_ber_write_integer (writer, WT_BER_INTEGER, self->engine_time);
  wt_ber_write_integer (writer, WT_BER_INTEGER, self->engine_boots);
  write_slice (writer, self->engine_id);
  wt_ber_write_header (writer, WT_BER_SEQUENCE, length);
  wt_ber_write_header (writer, WT_BER_OCTETS, length);
}

static void
write_global_data (const WtSnmpMessage *self, WtBerWriter *writer)
{
  gsize length = wt_ber_writer_length (writer);
  wt_ber_write_integer (writer, WT_BER_INTEGER, self->security_model);
  wt_ber_write_octets (writer, WT_BER_OCTETS, &self->flags, 1);
  wt_ber_write_integer (writer, WT_BER_INTEGER, self->max_size);
  wt_ber_write_integer (writer, WT_BER_INTEGER, self->msg_id);
  wt_ber_write_header (writer, WT_BER_SEQUENCE, length);
}

void
wt_snmp_message_write (const WtSnmpMessage *self, WtBerWriter *writer)
{
  gsize length = wt_ber_writer_length (writer);
  if (self->version == WT_SNMP_V3)
    {
      if (self->encrypted.bytes)
        write_slice (writer, self->encrypted);
      else
        wt_snmp_scoped_write (self, writer);
      write_security_parameters (self, writer);
      write_global_data (self, writer);
    }
  else
    {
      wt_snmp_pdu_write (&self->pdu, writer);
      write_slice (writer, self->community);
    }
  wt_ber_write_integer (writer, WT_BER_INTEGER, self->version);
  wt_ber_write_header (writer, WT_BER_SEQUENCE, length);
}

WtSnmpVarBind *
wt_snmp_pdu_add (WtSnmpPdu *self, const WtOid *name, const WtSnmpValue *value)
{
  g_array_set_size (self->bindings, self->bindings->len + 1);
  WtSnmpVarBind *binding = &g_array_index (self->bindings, WtSnmpVarBind, self->bindings->len - 1);
  binding->name.n = name->n;
  for (guint i = 0; i < name->n; i++)
    binding->name.arcs[i] = name->arcs[i];
  binding->value = *value;
  binding->start = binding->end = 0;
  return binding;
}

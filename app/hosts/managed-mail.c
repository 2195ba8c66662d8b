/* The objects of a managed device that follow the mail server beside it: MTA-MIB (RFC 2789) and NETWORK-SERVICES-MIB
 * (RFC 2788). */
#include "app/hosts/mail-server.h"
#include "app/hosts/managed-device-private.h"
#include "app/hosts/managed-put.h"

#define APPL_UP 1 /* applOperStatus */

static const guint32 appl_entry[] = { 1, 3, 6, 1, 2, 1, 27, 1, 1 };
static const guint32 mta_entry[] = { 1, 3, 6, 1, 2, 1, 28, 1, 1 };

static guint64
mail_count (const WtMailCounts *mail, guint arc)
{
  switch (arc)
    {
    case 1:
      return mail->received;
    case 2:
      return mail->stored;
    case 3:
      return mail->transmitted;
    case 4:
      return mail->received_bytes / 1024; /* K-octets */
    case 5:
      return (mail->stored_bytes + 1023) / 1024;
    case 6:
      return mail->transmitted_bytes / 1024;
    case 7:
      return mail->received_recipients;
    case 8:
      return mail->stored_recipients;
    default:
      return mail->transmitted_recipients;
    }
}

static void
mta_value (gpointer device, guint arg, WtSnmpValue *value)
{
  WtMailCounts mail;
  wt_mail_server_count (((WtManagedDevice *) device)->mail, &mail);
  value->number = (guint32) mail_count (&mail, arg);
}

static void
appl_value (gpointer device, guint arg, WtSnmpValue *value)
{
  WtMailCounts mail;
  wt_mail_server_count (((WtManagedDevice *) device)->mail, &mail);
  const guint32 numbers[] = { mail.inbound, mail.outbound, mail.inbound_total, mail.outbound_total };
  value->number = numbers[arg - 8];
}

void
wt_managed_groups_put_mail (WtManagedDevice *self)
{
  wt_managed_put_text (self->objects, WT_MANAGED_OID (appl_entry, 2, 1), "Wiretalk mail server");
  wt_managed_put_number (self->objects, WT_MANAGED_OID (appl_entry, 6, 1), WT_BER_INTEGER, APPL_UP);
  for (guint arc = 8; arc <= 11; arc++)
    wt_managed_objects_put_func (self->objects, WT_MANAGED_OID (appl_entry, arc, 1),
                                 arc < 10 ? WT_SNMP_GAUGE32 : WT_SNMP_COUNTER32, appl_value, arc);
  for (guint arc = 1; arc <= 9; arc++)
    wt_managed_objects_put_func (self->objects, WT_MANAGED_OID (mta_entry, arc, 1),
                                 arc == 2 || arc == 5 || arc == 8 ? WT_SNMP_GAUGE32 : WT_SNMP_COUNTER32, mta_value,
                                 arc);
}

/* The table of host types. */
#include "app/hosts/host.h"

#include "app/hosts/mail-client.h"
#include "app/hosts/mail-server.h"
#include "app/hosts/management-station.h"
#include "app/hosts/managed-device.h"
#include "app/hosts/name-server.h"
#include "app/hosts/recording-proxy.h"

#include <glib/gi18n.h>
#include <string.h>

G_DEFINE_QUARK (wt-host-error-quark, wt_host_error)

WtTlsMode
wt_tls_use_mode (WtTlsUse use)
{
  return use == WT_TLS_USE_OFF ? WT_TLS_MODE_OFF : use == WT_TLS_USE_OPPORTUNISTIC ? WT_TLS_MODE_MAY : WT_TLS_MODE_MUST;
}

const WtHostClass *const *
wt_host_classes (void)
{
  static const WtHostClass *const classes[] = {
    &wt_mail_client_class,
    &wt_mail_server_class,
    &wt_name_server_class,
    &wt_management_station_class,
    &wt_managed_device_class,
    &wt_recording_proxy_class,
    NULL,
  };
  return classes;
}

const WtHostClass *
wt_host_class_by_type (const char *type)
{
  for (const WtHostClass *const *each = wt_host_classes (); *each; each++)
    if (strcmp ((*each)->type, type) == 0)
      return *each;
  return NULL;
}

const WtActionClass *
wt_action_find (const WtActionClass *actions, const char *name)
{
  for (const WtActionClass *each = actions; each->name; each++)
    if (strcmp (each->name, name) == 0)
      return each;
  return NULL;
}

const char *
wt_host_reason (const char *text)
{
  return text[0] != '\0' ? gettext (text) : text; /* gettext() has something of its own for the empty text */
}

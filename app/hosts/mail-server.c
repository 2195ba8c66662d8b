#include "app/hosts/mail-settings.h"
#include "app/hosts/mail-server.h"
#include <glib/gi18n.h>

static const WtActionClass no_actions[] = { { NULL } };

static WtHost *
create (WtWorld *world, WtNode node, const WtHostConfig *config, WtMailStore *store, GError **error)
{
  return g_new0 (WtHost, 1);
}
static gboolean
start (WtHost *host, GError **error)
{
  return TRUE;
}
static void
stop (WtHost *host)
{
}
static void
free_host (WtHost *host)
{
  g_free (host);
}
const WtHostClass wt_mail_server_class = {
  .type = "mail-server", .title = N_ ("Mail server"), .icon = "wiretalk-mail-server-symbolic",
  .keys = wt_mail_server_keys, .actions = no_actions,
  .create = create, .start = start, .stop = stop, .crash = stop, .free = free_host,
};

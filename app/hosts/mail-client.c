#include "app/hosts/mail-client-private.h"
#include <glib/gi18n.h>

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
const WtHostClass wt_mail_client_class = {
  .type = "mail-client", .title = N_ ("Mail client"), .icon = "wiretalk-mail-client-symbolic",
  .keys = wt_mail_client_keys, .actions = wt_mail_client_actions,
  .create = create, .start = start, .stop = stop, .crash = stop, .free = free_host,
};

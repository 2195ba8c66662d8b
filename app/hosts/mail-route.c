/* Which servers take mail for a domain, best first (RFC 5321 5.1): the one that has the mailboxes of our own domains, a fixed
 * route, the smarthost, an address literal; else
 * MX records, else the domain's own address; without a name server what the scenario's hosts know of each other. */
#include "app/hosts/key-check.h"
#include "app/hosts/mail-server-private.h"

#include <string.h>

#define HOPS_MAX 10 /* servers tried for one domain */

/* One MX target whose address is wanted. */
typedef struct {
  char *name;
  guint preference, shuffle;
} Target;

struct _WtMailRoute {
  WtMailServer *server;
  char *domain;
  guint16 port;
  gboolean lmtp, smarthost;
  WtMailRouteFunc func;
  gpointer user_data;
  GArray *targets; /* (element-type Target) by preference */
  guint next;      /* target whose address is asked for */
  GArray *hops;    /* (element-type WtMailHop) */
  gboolean explicit_mx, only_self, trouble;
  char *reason;    /* (nullable) of the trouble */
  gboolean over;
  guint depth; /* of calls that will still look at it */
};

static void
hop_clear (gpointer data)
{
  g_free (((WtMailHop *) data)->name);
}

static void
target_clear (gpointer data)
{
  g_free (((Target *) data)->name);
}

void
wt_mail_route_free (WtMailRoute *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->targets);
  g_array_unref (self->hops);
  g_free (self->domain);
  g_free (self->reason);
  g_free (self);
}

/* --- what is known without asking --------------------------------------------------------------------------------- */

static const WtMailEndpoint *
fixed_route (WtMailServer *server, const char *domain)
{
  const WtMailSettings *settings = server->settings;
  g_autofree char *key = wt_mail_domain_normal (domain);
  if (settings->lmtp_to && wt_mail_settings_is_local (settings, domain))
    return settings->lmtp_to;
  const WtMailEndpoint *route = g_hash_table_lookup (settings->routes, key);
  if (route || settings->relay == NULL)
    return route;
  /* in the live world the smarthost takes what no host of the scenario does */
  gboolean ours = server->host.directory && wt_host_directory_mail_server (server->host.directory, domain) != 0;
  return wt_world_is_live (server->host.world) && ours ? NULL : settings->relay;
}

char *
wt_mail_route_key (WtMailServer *server, const char *domain)
{
  const WtMailEndpoint *fixed = fixed_route (server, domain);
  return fixed ? g_strdup_printf ("%s:%u", fixed->host, fixed->port) : wt_mail_domain_normal (domain);
}

/* --- the end ------------------------------------------------------------------------------------------------------ */

static void
succeed (WtMailRoute *self)
{
  self->over = TRUE;
  self->func (self->hops, NULL, self->user_data);
}

static void
fail (WtMailRoute *self, guint code, const char *enhanced, const char *format, const char *detail)
{
  WtMailVerdict failure = { 0 };
  g_autofree char *text = g_strdup_printf ("Mail for %s: ", self->domain);
  g_autofree char *what = detail ? g_strdup_printf ("%s (%s)", format, detail) : g_strdup (format);
  wt_mail_verdict_set (&failure, code, enhanced, "%s%s", text, what);
  self->over = TRUE;
  self->func (NULL, &failure, self->user_data);
  wt_mail_verdict_clear (&failure);
}

static void
add_hop (WtMailRoute *self, const char *name, guint32 ip, guint preference)
{
  WtMailHop hop = { g_strdup (name), { ip, self->port }, preference, self->lmtp, self->smarthost };
  g_array_append_val (self->hops, hop);
}

static gboolean
is_self (const WtMailRoute *self, const char *name, guint32 ip)
{
  WtMailServer *server = self->server;
  if (ip != 0)
    return self->port == WT_MAIL_PORT && wt_world_find_ip (server->host.world, ip) == server->host.node;
  return g_ascii_strcasecmp (name, server->settings->hostname) == 0;
}

static void
conclude (WtMailRoute *self)
{
  if (self->hops->len > 0)
    succeed (self);
  else if (self->only_self)
    fail (self, 554, "5.4.6", "the best mail server for it is this one, but the domain is not served here", NULL);
  else if (self->trouble)
    fail (self, 451, "4.4.3", "no answer from the name server", self->reason);
  else if (self->explicit_mx)
    fail (self, 550, "5.4.4", "its mail servers have no address", NULL);
  else
    fail (self, 550, "5.1.2", "no such domain", self->reason);
}

/* --- addresses ---------------------------------------------------------------------------------------------------- */

static void next_target (WtMailRoute *self);

/* An answer that is remembered comes while the question is asked, so calls may be nested: the outermost frees. */
static void
enter (WtMailRoute *self)
{
  self->depth++;
}

static gboolean
leave (WtMailRoute *self)
{
  gboolean gone = --self->depth == 0 && self->over;
  if (gone)
    wt_mail_route_free (self);
  return gone;
}
/* RFC 5321 5.1: when we are on the list, all that are not better than us are cut, or mail would go in circles. FALSE: that
 * was so. */
static gboolean
take_address (WtMailRoute *self, const Target *target, guint32 ip)
{
  if (!is_self (self, target->name, ip))
    {
      if (self->hops->len < HOPS_MAX)
        add_hop (self, target->name, ip, target->preference);
      return TRUE;
    }
  guint keep = 0;
  while (keep < self->hops->len && g_array_index (self->hops, WtMailHop, keep).preference < target->preference)
    keep++;
  g_array_set_size (self->hops, keep);
  self->only_self = keep == 0;
  return FALSE;
}

static void
on_address (const WtResolverAnswer *answer, gpointer user_data)
{
  WtMailRoute *self = user_data;
  const Target *target = &g_array_index (self->targets, Target, self->next);
  gboolean going = TRUE;
  enter (self);
  for (guint i = 0; going && i < answer->records->len; i++)
    going = take_address (self, target, ((const WtDnsRecord *) g_ptr_array_index (answer->records, i))->address);
  if (answer->status == WT_RESOLVED_FAILED)
    {
      self->trouble = TRUE;
      g_free (self->reason);
      self->reason = g_strdup (answer->reason);
    }
  self->next = going ? self->next + 1 : self->targets->len;
  next_target (self);
  leave (self);
}

static void
next_target (WtMailRoute *self)
{
  WtMailServer *server = self->server;
  if (self->next >= self->targets->len || self->hops->len >= HOPS_MAX)
    {
      conclude (self);
      return;
    }
  const Target *target = &g_array_index (self->targets, Target, self->next);
  guint32 ip = 0;
  if (is_self (self, target->name, 0) && !take_address (self, target, 0))
    conclude (self);
  else if (wt_parse_ipv4 (target->name, &ip) || server->resolver == NULL)
    {
      if (ip == 0 && server->host.directory)
        ip = wt_host_directory_address (server->host.directory, target->name);
      if (ip == 0 && g_ascii_strcasecmp (target->name, "localhost") == 0)
        ip = 127u << 24 | 1; /* RFC 6761 6.3 */
      gboolean going = ip == 0 || take_address (self, target, ip);
      self->next = going ? self->next + 1 : self->targets->len;
      next_target (self);
    }
  else
    wt_resolver_ask (server->resolver, target->name, WT_DNS_A, on_address, self);
}

/* --- MX ----------------------------------------------------------------------------------------------------------- */

static int
compare_targets (gconstpointer a, gconstpointer b)
{
  const Target *x = a, *y = b;
  if (x->preference != y->preference)
    return x->preference < y->preference ? -1 : 1;
  return x->shuffle < y->shuffle ? -1 : x->shuffle > y->shuffle;
}

/* Equal preferences are put in random order, which spreads the load (RFC 5321 5.1). */
static void
add_target (WtMailRoute *self, const char *name, guint preference)
{
  Target target = { g_strdup (name), preference, preference ? wt_world_random (self->server->host.world) : 0 };
  g_array_append_val (self->targets, target);
}

static gboolean
is_null_mx (const WtResolverAnswer *answer)
{
  const WtDnsRecord *record = g_ptr_array_index (answer->records, 0);
  return answer->records->len == 1 && (record->target == NULL || *record->target == 0 || strcmp (record->target, ".") == 0);
}

static void
take_mx (WtMailRoute *self, const WtResolverAnswer *answer)
{
  self->explicit_mx = TRUE;
  for (guint i = 0; i < answer->records->len; i++)
    {
      const WtDnsRecord *record = g_ptr_array_index (answer->records, i);
      if (record->target && *record->target)
        add_target (self, record->target, record->preference + 1u);
    }
  g_array_sort (self->targets, compare_targets);
}

static void
on_mx (const WtResolverAnswer *answer, gpointer user_data)
{
  WtMailRoute *self = user_data;
  enter (self);
  switch (answer->status)
    {
    case WT_RESOLVED:
      if (is_null_mx (answer)) /* RFC 7505 */
        {
          fail (self, 556, "5.1.10", "the domain takes no mail (null MX)", NULL);
          break;
        }
      take_mx (self, answer);
      next_target (self);
      break;
    case WT_RESOLVED_NO_DATA: /* the domain itself, RFC 5321 5.1 */
      add_target (self, self->domain, 0);
      next_target (self);
      break;
    case WT_RESOLVED_NO_NAME:
      fail (self, 550, "5.1.2", "no such domain", answer->reason);
      break;
    case WT_RESOLVED_FAILED:
      fail (self, 451, "4.4.3", "no answer from the name server", answer->reason);
      break;
    }
  leave (self);
}

/* --- start -------------------------------------------------------------------------------------------------------- */

static void
find_in_directory (WtMailRoute *self)
{
  const WtHostDirectory *directory = self->server->host.directory;
  guint32 ip = directory ? wt_host_directory_mail_server (directory, self->domain) : 0;
  if (ip == 0 && directory)
    ip = wt_host_directory_address (directory, self->domain);
  self->only_self = ip != 0 && is_self (self, self->domain, ip);
  if (ip != 0 && !self->only_self)
    add_hop (self, self->domain, ip, 0);
  conclude (self);
}

static void
find_literal (WtMailRoute *self)
{
  g_autofree char *literal = g_strndup (self->domain + 1, strcspn (self->domain + 1, "]"));
  guint32 ip;
  if (!wt_parse_ipv4 (literal, &ip))
    {
      fail (self, 550, "5.1.2", "only IPv4 addresses can be reached here", NULL);
      return;
    }
  add_hop (self, self->domain, ip, 0);
  succeed (self);
}

static void
begin (WtMailRoute *self)
{
  WtMailServer *server = self->server;
  const WtMailEndpoint *fixed = fixed_route (server, self->domain);
  if (fixed)
    {
      self->port = fixed->port;
      self->lmtp = fixed == server->settings->lmtp_to;
      self->smarthost = fixed == server->settings->relay;
      add_target (self, fixed->host, 0);
      next_target (self);
    }
  else if (*self->domain == '[')
    find_literal (self);
  else if (server->resolver)
    wt_resolver_ask (server->resolver, self->domain, WT_DNS_MX, on_mx, self);
  else
    find_in_directory (self);
}

WtMailRoute *
wt_mail_route_find (WtMailServer *server, const char *domain, WtMailRouteFunc func, gpointer user_data)
{
  WtMailRoute *self = g_new0 (WtMailRoute, 1);
  self->server = server;
  self->domain = wt_mail_domain_normal (domain);
  self->port = WT_MAIL_PORT;
  self->func = func;
  self->user_data = user_data;
  self->targets = g_array_new (FALSE, FALSE, sizeof (Target));
  self->hops = g_array_new (FALSE, FALSE, sizeof (WtMailHop));
  g_array_set_clear_func (self->targets, target_clear);
  g_array_set_clear_func (self->hops, hop_clear);
  enter (self);
  begin (self);
  return leave (self) ? NULL : self;
}

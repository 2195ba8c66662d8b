/* What a scenario may say of a managed device, and of any host that is managed. */
#include "app/hosts/managed-device-private.h"

#include "app/hosts/snmp-values.h"

#include <glib/gi18n.h>
#include <string.h>

/* `snmp` makes the difference: a device has it, another host is managed when it is given. */
#define AGENT_KEYS(communities)                                                                                        \
  { "snmp", WT_KEY_WORDS, FALSE, communities, N_ ("Communities that may read: public;private") },                      \
      { "snmp-writers", WT_KEY_WORDS, FALSE, NULL, N_ ("Communities and users that may set, too") },                   \
      { "snmp-users", WT_KEY_SNMP_USERS, FALSE, NULL, N_ ("Users of version 3: name:SHA-256:password:AES:password") }, \
      { "snmp-traps", WT_KEY_ENDPOINTS, FALSE, NULL, N_ ("Who is told: station;10.0.1.9:162") },                       \
      { "snmp-trap-version", WT_KEY_SNMP_VERSION, FALSE, "2c", N_ ("Version of the traps: 1, 2c or 3") },              \
      { "snmp-trap-name", WT_KEY_STRING, FALSE, NULL, N_ ("Community or user of the traps; else the first") },         \
      { "snmp-informs", WT_KEY_BOOLEAN, FALSE, "false", N_ ("Informs, which are acknowledged, in place of traps") },   \
      { "snmp-answers", WT_KEY_NUMBER, FALSE, NULL,                                                                    \
        N_ ("Answers a second to one address at most; in live mode 2000, but for this computer's own") },              \
      { "contact", WT_KEY_STRING, FALSE, NULL, N_ ("Who looks after it: sysContact") },                                \
      { "location", WT_KEY_STRING, FALSE, NULL, N_ ("Where it stands: sysLocation") },                                 \
  {                                                                                                                    \
    "profile", WT_KEY_STRING, FALSE, NULL, N_ ("What it is: router, switch, server, printer, ups, sensor, or a file")  \
  }

const WtKey wt_managed_device_keys[] = {
  AGENT_KEYS ("public"),
  { "recording", WT_KEY_STRING, FALSE, NULL,
    N_ ("A file of snmpwalk -ObentU, or .snmprec: it answers what the recorded device did") },
  { NULL },
};

const WtKey wt_managed_beside_keys[] = {
  AGENT_KEYS (NULL),
  { NULL },
};

static gboolean
names_user (WtManagedDevice *self, const char *name)
{
  gsize length = strlen (name);
  for (char **user = self->users; *user; user++)
    if (strncmp (*user, name, length) == 0 && ((*user)[length] == 0 || (*user)[length] == ':'))
      return TRUE;
  return FALSE;
}

static gboolean
refuse (GError **error, const char *text, const char *right)
{
  g_set_error (error, WT_HOST_ERROR, WT_HOST_ERROR_VALUE, _ ("“%s” %s"), text, right);
  return FALSE;
}

static gboolean
check_writers (WtManagedDevice *self, GError **error)
{
  for (char **writer = self->writers; *writer; writer++)
    if (!g_strv_contains ((const char *const *) self->communities, *writer) && !names_user (self, *writer))
      return refuse (error, *writer,
                     _ ("of snmp-writers is neither one of the communities (snmp) nor of the users (snmp-users)"));
  return TRUE;
}

static gboolean
choose_trap_name (WtManagedDevice *self, const char *given, GError **error)
{
  if (given && self->trap_version == WT_SNMP_V3 && !names_user (self, given))
    return refuse (error, given, _ ("of snmp-trap-name is none of the users (snmp-users)"));
  if (given)
    self->trap_name = g_strdup (given);
  else if (self->trap_version == WT_SNMP_V3)
    self->trap_name = *self->users ? g_strndup (*self->users, strcspn (*self->users, ":")) : NULL;
  else
    self->trap_name = g_strdup (*self->communities ? *self->communities : "public");
  if (self->trap_name == NULL)
    return refuse (error, "3", _ ("of snmp-trap-version needs a user; write snmp-users=name:SHA-256:password"));
  return TRUE;
}

gboolean
wt_managed_device_read_keys (WtManagedDevice *self, const WtHostConfig *config, GError **error)
{
  self->communities = g_strdupv ((char **) wt_host_config_list (config, "snmp"));
  self->writers = g_strdupv ((char **) wt_host_config_list (config, "snmp-writers"));
  self->users = g_strdupv ((char **) wt_host_config_list (config, "snmp-users"));
  self->traps = g_strdupv ((char **) wt_host_config_list (config, "snmp-traps"));
  if (wt_host_config_has (config, "snmp-answers"))
    {
      self->bounds_all = TRUE;
      self->limit = wt_answer_limit_new (CLAMP (wt_host_config_number (config, "snmp-answers"), 1, G_MAXINT));
    }
  else if (wt_world_is_live (self->host.world))
    self->limit = wt_answer_limit_new (WT_MANAGED_ANSWERS_EACH);
  self->informs = wt_host_config_boolean (config, "snmp-informs");
  wt_snmp_version_parse (wt_host_config_string (config, "snmp-trap-version"), &self->trap_version);
  return check_writers (self, error)
         && (*self->traps == NULL || choose_trap_name (self, wt_host_config_string (config, "snmp-trap-name"), error));
}

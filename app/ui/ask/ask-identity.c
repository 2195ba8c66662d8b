#include "app/ui/ask/ask-identity.h"

#include "app/ui/ask/ask-resources.h"
#include "protocols/snmp/snmp-usm.h"

#include <glib/gi18n.h>

struct _WtAskIdentity {
  AdwExpanderRow parent_instance;

  AdwComboRow *version, *auth, *priv, *level;
  AdwEntryRow *community, *user, *auth_password, *priv_password;
};

G_DEFINE_FINAL_TYPE (WtAskIdentity, wt_ask_identity, ADW_TYPE_EXPANDER_ROW)

/* As the drop-down lists them; NULL: as the station is set. */
static const char *const versions[] = { NULL, "1", "2c", "3" };

enum { AS_SET, V1, V2C, V3 };

static const char *
text_of (AdwEntryRow *entry)
{
  return gtk_editable_get_text (GTK_EDITABLE (entry));
}

gboolean
wt_ask_identity_is_default (WtAskIdentity *self)
{
  return adw_combo_row_get_selected (self->version) == AS_SET && *text_of (self->community) == 0;
}

/* "name", "name:SHA-256:password", "name:SHA-256:password:AES:password". (transfer full) */
static char *
user_text (WtAskIdentity *self)
{
  guint auth = adw_combo_row_get_selected (self->auth), priv = adw_combo_row_get_selected (self->priv);
  GString *text = g_string_new (text_of (self->user));

  if (auth)
    g_string_append_printf (text, ":%s:%s", wt_snmp_auth_name (auth), text_of (self->auth_password));
  if (auth && priv)
    g_string_append_printf (text, ":%s:%s", wt_snmp_priv_name (priv), text_of (self->priv_password));
  return g_string_free (text, FALSE);
}

static void
add (GPtrArray *keys, const char *key, char *value) /* takes the value */
{
  g_ptr_array_add (keys, g_strdup (key));
  g_ptr_array_add (keys, value);
}

void
wt_ask_identity_add_keys (WtAskIdentity *self, GPtrArray *keys)
{
  guint version = adw_combo_row_get_selected (self->version), level = adw_combo_row_get_selected (self->level);

  if (version != AS_SET)
    add (keys, "version", g_strdup (versions[version]));
  if (version != V3 && *text_of (self->community))
    add (keys, "community", g_strdup (text_of (self->community)));
  if (version == V3 && *text_of (self->user))
    add (keys, "user", user_text (self));
  if (version == V3 && level)
    add (keys, "level", g_strdup (wt_snmp_level_name (level)));
}

/* --- what is shown ---------------------------------------------------------------------------------------------------- */

static void
update (WtAskIdentity *self)
{
  guint version = adw_combo_row_get_selected (self->version);
  gboolean v3 = version == V3, auth = v3 && adw_combo_row_get_selected (self->auth) > 0;
  gboolean priv = auth && adw_combo_row_get_selected (self->priv) > 0;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->community), !v3);
  gtk_widget_set_visible (GTK_WIDGET (self->user), v3);
  gtk_widget_set_visible (GTK_WIDGET (self->auth), v3);
  gtk_widget_set_visible (GTK_WIDGET (self->auth_password), auth);
  gtk_widget_set_visible (GTK_WIDGET (self->priv), auth);
  gtk_widget_set_visible (GTK_WIDGET (self->priv_password), priv);
  gtk_widget_set_visible (GTK_WIDGET (self->level), v3);
  if (v3)
    text = g_strdup_printf (_("Version 3, user %s"), *text_of (self->user) ? text_of (self->user) : _("of the station"));
  else if (wt_ask_identity_is_default (self))
    text = g_strdup (_("As the station is set"));
  else
    text = g_strdup_printf (_("Version %s, community %s"), version == AS_SET ? _("of the station") : versions[version],
                            *text_of (self->community) ? text_of (self->community) : _("of the station"));
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), text);
}

static void
fill (AdwComboRow *row, const char *first, const char *(*name) (guint), guint begin, guint end)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  gtk_string_list_append (names, first);
  for (guint i = begin; i < end; i++)
    gtk_string_list_append (names, name (i));
  adw_combo_row_set_model (row, G_LIST_MODEL (names));
}

static const char *
version_name (guint i)
{
  return versions[i];
}

static const char *
auth_name (guint i)
{
  return wt_snmp_auth_name (i);
}

static const char *
priv_name (guint i)
{
  return wt_snmp_priv_name (i);
}

static const char *
level_name (guint i)
{
  return wt_snmp_level_name (i);
}

static void
wt_ask_identity_class_init (WtAskIdentityClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  wt_ask_register_resource ();
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/wiretalk/Wiretalk/ui/ask-identity.ui");
  gtk_widget_class_bind_template_child (widget_class, WtAskIdentity, version);
  gtk_widget_class_bind_template_child (widget_class, WtAskIdentity, community);
  gtk_widget_class_bind_template_child (widget_class, WtAskIdentity, user);
  gtk_widget_class_bind_template_child (widget_class, WtAskIdentity, auth);
  gtk_widget_class_bind_template_child (widget_class, WtAskIdentity, auth_password);
  gtk_widget_class_bind_template_child (widget_class, WtAskIdentity, priv);
  gtk_widget_class_bind_template_child (widget_class, WtAskIdentity, priv_password);
  gtk_widget_class_bind_template_child (widget_class, WtAskIdentity, level);
  gtk_widget_class_bind_template_callback (widget_class, update);
}

static void
wt_ask_identity_init (WtAskIdentity *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  fill (self->version, _("As the station"), version_name, V1, G_N_ELEMENTS (versions));
  /* Translators: without authentication, without encryption */
  fill (self->auth, _("Known, or none"), auth_name, WT_SNMP_AUTH_MD5, WT_SNMP_N_AUTHS);
  fill (self->priv, C_("encryption", "None"), priv_name, WT_SNMP_PRIV_DES, WT_SNMP_N_PRIVS);
  fill (self->level, _("The highest of the user"), level_name, WT_SNMP_NO_AUTH_NO_PRIV, WT_SNMP_AUTH_PRIV + 1);
  update (self);
}

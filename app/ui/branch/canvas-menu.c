#include "app/ui/branch/canvas-menu.h"

#include "app/hosts/mail-ports.h"
#include "app/ui/runs/run-names.h"

#include <glib/gi18n.h>
#include <string.h>

static gboolean
is_up (const WtCanvasMenuContext *context, guint32 entity, WtEventKind kind)
{
  const WtEvent *last = wt_trace_last (context->trace, entity, kind, context->position);

  return !last || last->value != 0;
}

static void
append_branch (GMenu *menu, const char *label, const char *target, const char *action, const char *value)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, "win.branch", "(sss)", target, action, value);
  g_menu_append_item (menu, item);
}

static void
append_string (GMenu *menu, const char *label, const char *action, const char *target)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", target);
  g_menu_append_item (menu, item);
}

static void
append_talk (GMenu *menu, const char *label, const char *host, guint16 port)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, "win.talk", "(su)", host, (guint) port);
  g_menu_append_item (menu, item);
}

/* A mail server speaks three protocols, and LMTP where the scenario says so. */
static void
add_talks (GMenu *menu, const WtScenarioHost *host)
{
  g_autoptr (GMenu) protocols = g_menu_new ();

  append_talk (protocols, _("In _SMTP"), host->name, WT_MAIL_PORT);
  if (wt_host_config_boolean (host->config, "lmtp"))
    append_talk (protocols, _("In _LMTP"), host->name, WT_MAIL_LMTP_PORT);
  append_talk (protocols, _("In _POP3"), host->name, WT_MAIL_POP3_PORT);
  append_talk (protocols, _("In _IMAP"), host->name, WT_MAIL_IMAP_PORT);
  g_menu_append_submenu (menu, _("_Talk to It"), G_MENU_MODEL (protocols));
}

/* What a station does, in a simulated run or live. */
static void
add_asking (GMenu *menu, const WtCanvasMenuContext *context, const WtScenarioHost *host)
{
  gboolean station = strcmp (host->type, "management-station") == 0;

  if (station || strcmp (host->type, "managed-device") == 0 || host->agent)
    append_string (menu, _("_Ask with SNMP…"), "win.ask", host->name);
  if (station && context->is_live)
    append_string (menu, _("Add a _Real Device…"), "win.add-device", host->name);
}

/* Typing, in a simulated run or live. */
static void
add_talking (GMenu *menu, const WtScenarioHost *host)
{
  if (strcmp (host->type, "mail-client") == 0)
    append_talk (menu, _("_Talk to a Server"), host->name, 0);
  else if (strcmp (host->type, "mail-server") == 0)
    add_talks (menu, host);
}

static void
add_host (GMenu *menu, const WtCanvasMenuContext *context, const WtEntity *node)
{
  const WtScenarioHost *host = wt_scenario_host (context->scenario, node->name);
  g_autoptr (GMenu) plug = g_menu_new (), mail = g_menu_new ();

  if (host && context->is_live)
    {
      add_talking (menu, host);
      add_asking (menu, context, host);
    }
  if (!host || !context->may_branch)
    return;
  if (strcmp (host->type, "mail-client") == 0)
    append_string (mail, _("_Write a Mail…"), "win.compose", node->name);
  add_talking (mail, host);
  add_asking (mail, context, host);
  if (is_up (context, node->id, WT_EVENT_NODE))
    append_branch (plug, _("_Pull the Plug"), node->name, "host-down", "");
  else
    append_branch (plug, _("Switch _On"), node->name, "host-up", "");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (mail));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (plug));
}

/* "a -- b" as the scenario has it. (transfer full) (nullable) */
static char *
link_target (const WtCanvasMenuContext *context, const WtEntity *entity)
{
  const WtEntity *a = wt_trace_entity (context->trace, entity->ends[0]);
  const WtEntity *b = wt_trace_entity (context->trace, entity->ends[1]);
  const WtScenarioLink *link = a && b ? wt_link_between (context->scenario, a->name, b->name) : NULL;

  return link ? g_strdup_printf ("%s -- %s", link->a, link->b) : NULL;
}

static void
add_link (GMenu *menu, const WtCanvasMenuContext *context, const WtEntity *entity)
{
  static const struct { const char *label, *value; } losses[] = {
    { N_ ("None"), "0%" }, { N_ ("1 %"), "1%" }, { N_ ("5 %"), "5%" }, { N_ ("20 %"), "20%" }, { N_ ("50 %"), "50%" },
  };
  g_autofree char *target = link_target (context, entity);
  g_autoptr (GMenu) loss = g_menu_new ();

  if (!target || !context->may_branch)
    return;
  if (is_up (context, entity->id, WT_EVENT_LINK))
    append_branch (menu, _("_Cut the Link"), target, "link-down", "");
  else
    append_branch (menu, _("_Mend the Link"), target, "link-up", "");
  for (guint i = 0; i < G_N_ELEMENTS (losses); i++)
    {
      g_autofree char *value = g_strconcat ("loss=", losses[i].value, NULL);

      append_branch (loss, _(losses[i].label), target, "link-loss", value);
    }
  g_menu_append_submenu (menu, _("_Lose Packets"), G_MENU_MODEL (loss));
}

static void
add_background (GMenu *menu)
{
  g_menu_append (menu, _("Zoom _In"), "win.zoom-in");
  g_menu_append (menu, _("Zoom _Out"), "win.zoom-out");
  g_menu_append (menu, _("Show the Whole _Network"), "win.zoom-fit");
}

GMenu *
wt_canvas_menu_new (const WtCanvasMenuContext *context, guint32 entity)
{
  GMenu *menu = g_menu_new ();
  const WtEntity *about = wt_trace_entity (context->trace, entity);

  if (about && about->kind == WT_ENTITY_NODE)
    add_host (menu, context, about);
  else if (about && about->kind == WT_ENTITY_LINK)
    add_link (menu, context, about);
  else
    add_background (menu);
  return menu;
}

char *
wt_branch_title (WtScenario *scenario, const char *target, const char *action, const char *value)
{
  static const struct { const char *action, *title; } titles[] = {
    { "host-down", N_ ("%s off") },  { "host-up", N_ ("%s on") },      { "link-down", N_ ("%s cut") },
    { "link-up", N_ ("%s mended") }, { "link-loss", N_ ("%s lossy") }, { "send-mail", N_ ("%s writes a mail") },
    { "talk", N_ ("%s talks") },     { "disconnect", N_ ("%s hangs up") },
    { "snmp-get", N_ ("%s asks") },  { "snmp-next", N_ ("%s asks") },  { "snmp-bulk", N_ ("%s asks") },
    { "snmp-walk", N_ ("%s walks") }, { "snmp-table", N_ ("%s asks") }, { "snmp-set", N_ ("%s sets") },
  };
  const char *name = wt_scenario_host (scenario, target) ? wt_scenario_label (scenario, target) : target;

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (strcmp (titles[i].action, action) == 0)
      {
        g_auto (GStrv) around = g_strsplit (_(titles[i].title), "%s", 2);

        return g_strconcat (around[0], name, around[0] && around[1] ? around[1] : "", NULL);
      }
  return g_strdup_printf ("%s: %s", name, action);
}

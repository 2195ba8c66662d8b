/* Where a session's answers are bent by rule: waiting, saying something else, hanging up. */
#include "app/hosts/mail-session-private.h"

static void
bend_now (WtMailSession *self)
{
  WtSmtpReply reply = { self->bend->code, self->bend->enhanced, self->bend->text };
  const WtMailBend *bend = g_steal_pointer (&self->bend);
  guint question = self->bend_question;
  self->bend_question = 0;
  if (bend->disconnect)
    wt_incoming_hang_up (&self->base);
  else
    self->bend_answer (self, question, bend->code ? &reply : NULL);
}

static void
on_bend (gpointer user_data)
{
  WtMailSession *self = user_data;
  self->bend_timer = 0;
  if (self->base.closing) /* 421 was said meanwhile */
    return;
  bend_now (self);
  wt_incoming_pump (&self->base);
}

void
wt_mail_session_bend (WtMailSession *self, const char *verb, const char *address, guint question,
                      WtMailBendAnswer answer)
{
  WtWorld *world = self->base.server->host.world;
  const WtMailBend *bend = wt_mail_rules_find (self->base.server->rules, world, verb, address);
  if (bend == NULL)
    {
      answer (self, question, NULL);
      return;
    }
  self->bend = bend;
  self->bend_question = question;
  self->bend_answer = answer;
  if (bend->delay > 0)
    {
      wt_incoming_busy_for (&self->base, bend->delay);
      self->bend_timer = wt_world_timer (world, bend->delay, on_bend, self);
    }
  else
    bend_now (self);
}

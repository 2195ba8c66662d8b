/* Secrets of real people do not get into the record. */
#include "app/world/world-private.h"

void
wt_world_show_secrets (WtWorld *self, gboolean shown)
{
  self->secrets_shown = shown;
}

WtMessage
wt_world_blank (WtWorld *self, WtSecretState *state, WtDirection direction, const WtMessage *message)
{
  WtMessage blanked = *message;
  const WtDissector *dissector = wt_dissector_for (message->protocol);
  WtSecret secret = { 0 };
  gsize size;
  const guint8 *bytes = g_bytes_get_data (message->bytes, &size);
  gboolean any = !self->secrets_shown && dissector && dissector->secret
                 && dissector->secret (state, direction, message->context, bytes, size, &secret);
  blanked.bytes = wt_secret_blank (message->bytes, &secret);
  if (any)
    blanked.flags |= WT_EVENT_BLANKED;
  return blanked;
}

WtMessage
wt_conn_blank (WtConn *conn, WtDirection direction, const WtMessage *message)
{
  return wt_world_blank (conn->world, &conn->secrets, direction, message);
}

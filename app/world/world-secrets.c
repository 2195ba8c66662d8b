/* Secrets of real people do not get into the record. */
#include "app/world/world-private.h"

#include "protocols/base/secrets.h"

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
  if (self->secrets_shown || message->bytes == NULL)
    {
      blanked.bytes = message->bytes ? g_bytes_ref (message->bytes) : g_bytes_new (NULL, 0);
      return blanked;
    }
  blanked.bytes = wt_secrets_blank (dissector, state, direction, message->context, message->bytes);
  if (blanked.bytes != message->bytes)
    blanked.flags |= WT_EVENT_BLANKED;
  return blanked;
}

WtMessage
wt_conn_blank (WtConn *conn, WtDirection direction, const WtMessage *message)
{
  return wt_world_blank (conn->world, &conn->secrets, direction, message);
}

/** The whole conversation, to be printed: threads under the messages that began them. */
import type { Chat } from "./chat";
import { useAuthor } from "./context";
import { Markdown } from "./markdown/Markdown";
import type { Message } from "./slot";
import { momentOf } from "./time";

export function PrintedChat({ chat }: { chat: Chat }) {
  const { timeline } = chat;
  const all = Array.from({ length: timeline.length }, (_, at) => timeline.at(at));
  return all.map(
    (message) =>
      message && (
        <div key={message.id}>
          <Printed message={message} />
          {message.thread && (
            <div className="printed-thread">
              {timeline.replies(message.id).map((reply) => (
                <Printed key={reply.id} message={reply} />
              ))}
            </div>
          )}
        </div>
      ),
  );
}

function Printed({ message }: { message: Message }) {
  const { name } = useAuthor(message.member);
  return (
    <article>
      <p className="printed-head">
        <bdi>{name}</bdi> <time>{momentOf(message.at)}</time>
      </p>
      {message.removed ? (
        <p>This message was deleted.</p>
      ) : (
        <div dir="auto">
          <Markdown text={message.text} />
        </div>
      )}
    </article>
  );
}

/** The outline of a text while the editor is fetched. */
import { TextLines } from "../../ui/TextLines";

export function CodeSkeleton() {
  return (
    <div className="p-8">
      <TextLines />
    </div>
  );
}

/** A node, the people of one test, and the end of it: nothing left running, nothing gone wrong unseen. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { closeCommonProcess, type BrowserOptions } from "./browser";
import { CoveyNode, type NodeOptions } from "./node";
import { Person } from "./person";
import { settings } from "./settings";

export class Stage {
  readonly people: Person[] = [];
  private readonly forgiven: RegExp[] = [];

  private constructor(
    readonly node: CoveyNode,
    private readonly folder: string,
    private readonly common: boolean,
  ) {}

  /** With `common`, people are in one process, unless they need something else of it. */
  static async open(common = false, node: NodeOptions = {}): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), "covey-e2e-"));
    return new Stage(await CoveyNode.start(folder, node), folder, common);
  }

  /** Somebody whose browser is not started yet. */
  person(name: string, options: BrowserOptions = {}): Person {
    const profile = join(this.folder, `${this.people.length}-${name}`);
    const { common } = this;
    const person = new Person(name, profile, options.page ?? this.node.origin, {
      common,
      ...options,
    });
    this.people.push(person);
    return person;
  }

  /** A folder that goes with the stage. */
  path(name: string): string {
    return join(this.folder, name);
  }

  /** Alice in a new room, without anybody else. */
  async alone(title: string): Promise<Person> {
    const alice = this.person("Alice");
    await alice.arrive();
    await alice.createRoom(title);
    return alice;
  }

  /** Two people in one room, who see each other directly. */
  async pair(): Promise<[Person, Person]> {
    const alice = await this.alone("Two people");
    const bob = this.person("Bob");
    await bob.join(await linkOf(alice));
    await Promise.all([alice.sees("Bob", "direct"), bob.sees("Alice", "direct")]);
    return [alice, bob];
  }

  /** SIGKILL of the node; the pages' own words about it are no problem from here on. */
  async killNode(): Promise<void> {
    for (const { browser } of this.people) browser.expectUnreachable();
    await this.node.kill();
  }

  /** A problem that the test brought about. */
  forgive(problem: RegExp): void {
    this.forgiven.push(problem);
  }

  /** Nothing went wrong in any browser that the test did not look at. */
  expectNoProblems(): void {
    const problems = this.people.flatMap(({ name, browser }) =>
      browser.problems
        .map((problem) => `${name}: ${problem}`)
        .filter((problem) => !this.forgiven.some((known) => known.test(problem))),
    );
    expect(problems).toEqual([]);
  }

  /** Pictures and logs of a failure. */
  async remember(title: string): Promise<void> {
    const folder = join(settings.shots, "failed", title.replaceAll(/\W+/g, "-"));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "node.log"), this.node.lastWords);
    for (const { name, browser } of this.people) {
      const lines = [...browser.problems, "", ...browser.console];
      await writeFile(join(folder, `${name}.log`), lines.join("\n"));
      if (browser.running) await browser.page.screenshot({ path: join(folder, `${name}.png`) });
    }
    console.log(`Pictures and logs are in ${folder}`);
  }

  async close(): Promise<void> {
    await Promise.all(this.people.map(({ browser }) => browser.close()));
    await this.node.kill();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A link without the dialog, which has tests of its own. */
function linkOf({ page }: Person): Promise<string> {
  return page.evaluate(() => {
    const room = globalThis.coveyRoom;
    if (!room) throw new Error("no room is open");
    return room.invite({ role: "participant" });
  });
}

/** A test on a stage of its own. */
export function play(act: (stage: Stage) => Promise<void>): () => Promise<void> {
  return () => run(act, false);
}

/**
 * A test on a stage of its own, whose people are in one process: for what has nothing to do with processes, disks and
 * the page's worker. It takes a third less of the machine.
 */
export function together(act: (stage: Stage) => Promise<void>): () => Promise<void> {
  return () => run(act, true);
}

/** Plays on a stage, which is gone afterwards. */
export async function run(
  act: (stage: Stage) => Promise<void>,
  common: boolean,
  node: NodeOptions = {},
): Promise<void> {
  const stage = await Stage.open(common, node);
  try {
    await act(stage);
    stage.expectNoProblems();
  } catch (error) {
    await stage.remember(expect.getState().currentTestName ?? "test").catch(() => undefined);
    throw error;
  } finally {
    await stage.close();
  }
}

afterAll(closeCommonProcess);

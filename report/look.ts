/** How text is to look: colours, the characters a terminal can show, and its width. */
import picocolors from 'picocolors';
import { ASCII, UNICODE, type Marks } from './marks.js';

/** Colours, or none: functions that put escape codes around a text, or leave it as it is. */
export type Paint = ReturnType<typeof picocolors.createColors>;

export function createPaint(enabled: boolean): Paint {
  return picocolors.createColors(enabled);
}

export interface Look {
  readonly paint: Paint;
  readonly marks: Marks;
  /** Columns of the terminal. Names, commands and calls are not cut to fit, so a line can be longer. */
  readonly width: number;
}

/** What a caller can ask for; nothing of it is found out from the surroundings. */
export interface LookOptions {
  /** Without it, there are no colours. */
  readonly paint?: Paint;
  /** Whether characters outside ASCII can be shown; true if it is not given. */
  readonly unicode?: boolean;
  /** 100 if it is not given. */
  readonly width?: number;
}

const DEFAULT_WIDTH = 100;

export function createLook({ paint, unicode = true, width = DEFAULT_WIDTH }: LookOptions = {}): Look {
  return { paint: paint ?? createPaint(false), marks: unicode ? UNICODE : ASCII, width };
}

// A number between two ends.
import * as Radix from 'radix-ui/slider';

export interface SliderProps {
  value: number;
  onChange: (value: number) => void;
  min: number;
  max: number;
  step: number;
  label: string;
  /** The value as it is said aloud. Default: the bare number. */
  valueText?: string;
  disabled?: boolean;
}

export function Slider(props: SliderProps) {
  const { value, onChange, min, max, step, label, valueText, disabled = false } = props;
  return (
    <Radix.Root
      value={[value]}
      onValueChange={([next]) => next !== undefined && onChange(next)}
      min={min}
      max={max}
      step={step}
      disabled={disabled}
      className="relative flex h-5 w-full touch-none items-center select-none data-[disabled]:opacity-50"
    >
      <Radix.Track className="relative h-1 grow rounded-full bg-pressed">
        <Radix.Range className="absolute h-full rounded-full bg-accent" />
      </Radix.Track>
      <Radix.Thumb
        aria-label={label}
        aria-valuetext={valueText}
        className="block size-4 rounded-full border-2 border-accent bg-raised outline-offset-2"
      />
    </Radix.Root>
  );
}

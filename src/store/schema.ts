// The tables as types. A column that holds JSON is text here, so that both stores keep it alike; the services parse it.
// Times are epoch milliseconds unless a name ends in _us (microseconds).
import type { ColumnType, Generated } from 'kysely';

type Bool = ColumnType<number, number, number>;

export interface Database {
  users: { id: string; name: string; role: string; created_at: number };
  settings: { key: string; value: string };

  conversations: {
    id: string;
    user_id: string;
    title: string | null;
    title_source: string;
    model: string;
    system: string;
    parameters: string;
    head_id: string | null;
    created_at: number;
    updated_at: number;
    deleted_at: number | null;
  };
  messages: {
    id: string;
    conversation_id: string;
    parent_id: string | null;
    role: string;
    parts: string;
    status: string;
    run_id: string | null;
    receipt: string | null;
    error: string | null;
    created_at: number;
  };

  runs: {
    id: string;
    kind: string;
    user_id: string;
    conversation_id: string | null;
    message_id: string | null;
    status: string;
    created_at: number;
    ended_at: number | null;
  };
  run_events: { run_id: string; seq: number; at: number; event: string };

  /** One row a trace: the root span and the sums of its tree, kept up to date as spans arrive. */
  traces: {
    trace_id: string;
    name: string;
    start_us: number;
    end_us: number | null;
    status: string;
    user_id: string;
    conversation_id: string | null;
    model: string | null;
    source: string | null;
    input_tokens: number;
    output_tokens: number;
    cache_read_tokens: number;
    cache_write_tokens: number;
    reasoning_tokens: number;
    cost_nano: number;
    /** 1 when some span of the tree had a known price. */
    cost_known: Bool;
    /** 1 when some span of the tree had no price. */
    cost_unknown: Bool;
    ttft_ms: number | null;
    span_count: number;
    rating: number | null;
    /** Bytes of content kept for it, for retention by size. */
    content_bytes: number;
  };
  spans: {
    trace_id: string;
    span_id: string;
    parent_id: string | null;
    name: string;
    kind: string;
    start_us: number;
    end_us: number | null;
    status: string;
    error: string | null;
    user_id: string;
    conversation_id: string | null;
    model: string | null;
    usage: string | null;
    cost: string | null;
    ttft_ms: number | null;
    attributes: string;
  };
  span_contents: { trace_id: string; span_id: string; input: string | null; output: string | null };
  scores: {
    id: string;
    trace_id: string;
    span_id: string;
    name: string;
    value: number;
    reason: string | null;
    correction: string | null;
    source: string;
    user_id: string;
    created_at: number;
  };
  /** Figures an hour, model and user, so that a dashboard never scans spans. */
  usage_hourly: {
    hour: number;
    user_id: string;
    model: string;
    source: string;
    calls: number;
    errors: number;
    input_tokens: number;
    output_tokens: number;
    cost_nano: number;
    unpriced_calls: number;
    duration_ms: number;
  };

  jobs: {
    id: string;
    kind: string;
    title: string;
    payload: string;
    status: string;
    progress: string | null;
    result: string | null;
    error: string | null;
    /** What the handler left for its own resumption, JSON. */
    checkpoint: string | null;
    can_pause: Bool;
    attempts: number;
    run_at: number;
    /** Process that runs it and until when that claim holds. */
    claimed_by: string | null;
    claimed_until: number | null;
    /** Only one job of a key is open at a time. */
    unique_key: string | null;
    created_at: number;
    started_at: number | null;
    ended_at: number | null;
  };
  schedules: { name: string; kind: string; payload: string; every_ms: number; next_at: number };

  local_models: {
    id: string;
    path: string;
    size_bytes: number;
    sha256: string | null;
    source: string;
    catalogue_id: string | null;
    /** What the header of the file says, JSON: architecture, context length, chat template present, ... */
    header: string;
    created_at: number;
  };
  providers: {
    id: string;
    kind: string;
    name: string;
    base_url: string;
    sealed_key: string | null;
    headers: string;
    models: string;
    state: string;
    error: string | null;
    checked_at: number | null;
    created_at: number;
  };
  aliases: { alias: string; model: string; updated_at: number };
  prices: { model: string; price: string; updated_at: number };
  /** Measured facts of this machine, such as the best thread count of a model. */
  measurements: { key: string; value: string; measured_at: number };
  migrations: { number: Generated<number>; name: string; applied_at: number };
}

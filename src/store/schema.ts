// The tables as types. A column that holds JSON is text here, so that both stores keep it alike; the services parse it.
// Times are epoch milliseconds unless a name ends in _us (microseconds).
import type { ColumnType, Generated } from 'kysely';

type Bool = ColumnType<number, number, number>;

export interface Database {
  users: {
    id: string;
    name: string;
    role: string;
    created_at: number;
    /** Null for the user of local mode. */
    email: Generated<string | null>;
    disabled_at: Generated<number | null>;
    last_seen_at: Generated<number | null>;
    /** The row stays, because what they did is in the ledger under its id. */
    removed_at: Generated<number | null>;
  };
  /** Apart from the people, so that no list of them can bring one along. */
  passwords: { user_id: string; hash: string; updated_at: number };
  sessions: {
    id: string;
    user_id: string;
    /** SHA-256 of the cookie's secret. */
    hash: string;
    client: string;
    address: string;
    created_at: number;
    last_seen_at: number;
    expires_at: number;
  };
  /** One row. `version` counts every change of people, keys and sessions: other nodes forget what they keep by it. */
  access_state: { id: number; accounts: Bool; version: number };
  api_keys: {
    id: string;
    user_id: string;
    name: string;
    prefix: string;
    /** SHA-256 of the secret, which is random: nothing slower is needed. */
    hash: string;
    /** JSON lists; null: every one. */
    models: string | null;
    apps: string | null;
    expires_at: number | null;
    revoked_at: number | null;
    created_by: string;
    created_at: number;
    last_used_at: number | null;
  };
  budgets: {
    id: string;
    subject_kind: string;
    subject_id: string;
    period: string;
    unit: string;
    amount: number;
    action: string;
    created_at: number;
    updated_at: number;
  };
  budget_counters: {
    budget_id: string;
    period_start: number;
    spent: number;
    unpriced_calls: number;
    updated_at: number;
  };
  /** Of calls under way, where several nodes share a store; one process alone keeps them in memory. */
  budget_reservations: {
    id: string;
    budget_id: string;
    period_start: number;
    amount: number;
    expires_at: number;
  };
  rate_limits: {
    subject_kind: string;
    subject_id: string;
    requests_per_minute: number | null;
    tokens_per_minute: number | null;
    updated_at: number;
  };
  audit: { id: string; at: number; user_id: string; action: string; target: string; data: string };
  cache_entries: {
    key: string;
    user_id: string;
    model: string;
    entry: string;
    hits: number;
    created_at: number;
    expires_at: number;
  };
  /** Of OpenAI's Responses wire. */
  responses: {
    id: string;
    user_id: string;
    model: string;
    status: string;
    body: string;
    input_items: string;
    previous_id: string | null;
    trace_id: string | null;
    created_at: number;
    expires_at: number;
    /** Number of the program that writes it, where several share the store (ownership.ts). */
    owner: Generated<number | null>;
  };
  prompts: {
    id: string;
    user_id: string;
    name: string;
    description: string;
    created_at: number;
    updated_at: number;
    deleted_at: number | null;
  };
  prompt_versions: {
    prompt_id: string;
    version: number;
    body: string;
    note: string;
    user_id: string;
    created_at: number;
  };
  prompt_labels: { prompt_id: string; label: string; version: number; updated_at: number };
  settings: { key: string; value: string };
  /** What a person has chosen for themselves. */
  user_settings: { user_id: string; key: string; value: string };

  conversations: {
    id: string;
    user_id: string;
    title: string | null;
    title_source: string;
    model: string;
    system: string;
    parameters: string;
    /** Ids of collections, JSON. */
    knowledge: Generated<string>;
    agent: string | null;
    /** Names of tools, JSON. */
    tools: Generated<string>;
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
    /** Name of the agent that runs; null for an answer of a model alone. */
    agent: string | null;
    /** What a run needs to be continued after a crash, JSON; null: it cannot be. */
    work_order: string | null;
    created_at: number;
    ended_at: number | null;
    /** Number of the program that writes it, where several share the store (ownership.ts). */
    owner: Generated<number | null>;
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
    key_id: Generated<string | null>;
    app: Generated<string | null>;
    /** Number of the program that writes it, where several share the store (ownership.ts). */
    owner: Generated<number | null>;
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
    /** Number of the program that writes it, where several share the store (ownership.ts). */
    owner: Generated<number | null>;
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
  /** Figures an hour, model, user, key and app, so that a dashboard never scans spans. */
  usage_hourly: {
    hour: number;
    user_id: string;
    /** Empty: no key, no app. */
    key_id: string;
    app: string;
    model: string;
    source: string;
    calls: number;
    errors: number;
    input_tokens: number;
    output_tokens: number;
    cost_nano: number;
    unpriced_calls: number;
    saved_nano: number;
    duration_ms: number;
  };
  /** Calls by how long they took, in steps of a fifth (monitoring/latency-buckets.ts). */
  latency_hourly: {
    hour: number;
    user_id: string;
    key_id: string;
    app: string;
    model: string;
    source: string;
    /** duration or ttft. */
    measure: string;
    bucket: number;
    calls: number;
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

  collections: {
    id: string;
    user_id: string;
    name: string;
    description: string;
    embedding_model: string | null;
    dimensions: number | null;
    attributes: string;
    created_at: number;
    updated_at: number;
    deleted_at: number | null;
  };
  /** What was uploaded over the files wire; a document of a collection may come from one. */
  files: {
    id: string;
    user_id: string;
    name: string;
    purpose: string;
    sha256: string;
    size_bytes: number;
    created_at: number;
  };
  documents: {
    id: string;
    collection_id: string;
    user_id: string;
    path: string;
    source: string;
    file_id: string | null;
    status: string;
    error: string | null;
    warnings: string;
    kind: string | null;
    title: string;
    language: string | null;
    page_count: number | null;
    scan_pages: number;
    passages: number;
    size_bytes: number;
    /** Blob of the original. */
    sha256: string;
    /** Blob of the ParsedDocument, JSON; null until it is read. */
    parsed_sha256: string | null;
    attributes: string;
    created_at: number;
    updated_at: number;
  };
  passages: {
    /** The key in the vector index; never used twice. */
    number: Generated<number>;
    collection_id: string;
    document_id: string;
    chunk_id: string;
    ordinal: number;
    hash: string;
    text: string;
    context: string;
    headings: string;
    header: string | null;
    start_at: number;
    end_at: number;
    tokens: number;
    page: number | null;
    last_page: number | null;
    boxes: string;
  };
  /** What a search needs of each passage; the columns after document_id differ by store (src/retrieval/index). */
  passage_index: {
    number: number;
    collection_id: string;
    document_id: string;
    /** SQLite: packed terms; PostgreSQL: integer[], written by src/retrieval/index alone. */
    terms: Uint8Array;
    /** SQLite only: half-precision floats; null where a passage is found by its words only. */
    vector: Uint8Array | null;
  };

  file_batches: {
    id: string;
    collection_id: string;
    user_id: string;
    task_id: string | null;
    /** JSON. */
    document_ids: string;
    cancelled_at: number | null;
    created_at: number;
  };

  agents: {
    id: string;
    user_id: string;
    name: string;
    /** AgentInput without its name, JSON. */
    definition: string;
    created_at: number;
    updated_at: number;
  };
  approvals: {
    id: string;
    run_id: string;
    user_id: string;
    conversation_id: string | null;
    agent: string;
    tool_call_id: string;
    tool_name: string;
    tool_title: string;
    effect: string;
    input: string;
    rule: string;
    problem: string | null;
    created_at: number;
    answered_at: number | null;
    /** ApprovalAnswer, JSON. */
    answer: string | null;
  };
  tool_settings: { name: string; enabled: Bool; approval: string | null; updated_at: number };
  /** `sealed` holds the McpServer with its secrets. */
  mcp_servers: { id: string; enabled: Bool; sealed: string; created_at: number; updated_at: number };

  app_batches: {
    id: string;
    user_id: string;
    app: string;
    task_id: string;
    model: string;
    file_name: string;
    /** Blob of the CSV file. */
    sha256: string;
    columns: string;
    fixed: string;
    rows: number;
    created_at: number;
  };
  app_batch_rows: {
    batch_id: string;
    row: number;
    /** JSON; one of both is set. */
    output: string | null;
    error: string | null;
    trace_id: string | null;
  };
  app_figures: {
    app: string;
    set_name: string;
    metric: string;
    model: string;
    value: number;
    low: number | null;
    high: number | null;
    rows: number;
    measured_at: number;
  };

  local_models: {
    id: string;
    path: string;
    /** A LoRA adapter (GGUF) that is laid over the model at `path`. */
    adapter: Generated<string | null>;
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
    region: string | null;
    /** LlamaServer, JSON. */
    llama_server: string | null;
  };
  aliases: {
    alias: string;
    model: string;
    updated_at: number;
    /** RouteSettings, JSON. */
    settings: Generated<string>;
  };
  prices: { model: string; price: string; updated_at: number };
  /** Measured facts of this machine, such as the best thread count of a model. */
  measurements: { key: string; value: string; measured_at: number };
  migrations: { number: Generated<number>; name: string; applied_at: number };

  datasets: {
    id: string;
    user_id: string;
    name: string;
    kind: string;
    purpose: string;
    description: string;
    /** JSON: split to share. */
    shares: string;
    created_at: number;
    updated_at: number;
    deleted_at: number | null;
  };
  examples: {
    id: string;
    dataset_id: string;
    /** SHA-256 of the whole body, and of its question alone (letters and digits, small). */
    hash: string;
    question_hash: string;
    body: string;
    /** Its texts in small letters without accents, for a search. */
    words: string;
    split: string;
    status: string;
    consent: Bool;
    source: string;
    findings: string;
    finding_count: number;
    /** Whose words these are, where that is known; `user_id` is who put it here. */
    person_id: string | null;
    user_id: string;
    created_at: number;
    updated_at: number;
  };
  dataset_versions: {
    dataset_id: string;
    version: number;
    /** Blob of its JSON lines. */
    sha256: string;
    examples: number;
    splits: string;
    /** JSON: why how many examples are not in it. */
    left_out: string;
    /** JSON: ids of those whose words are in it, so that they can be forgotten. */
    people: string;
    note: string;
    user_id: string;
    created_at: number;
  };

  training_runs: {
    id: string;
    user_id: string;
    name: string;
    input: string;
    task_id: string;
    status: string;
    /** JSON: step, steps, last point, validation loss, best step, trained tokens. */
    state: string;
    estimate: string;
    model: string | null;
    error: string | null;
    created_at: number;
    started_at: number | null;
    ended_at: number | null;
  };
  training_events: {
    run_id: string;
    seq: number;
    /** Those after a checkpoint that a run goes back to are removed by it. */
    step: number;
    at: number;
    type: string;
    event: string;
  };

  evaluations: {
    id: string;
    user_id: string;
    name: string;
    input: string;
    dataset_version: number;
    task_id: string;
    status: string;
    done: number;
    total: number;
    /** JSON: subjects and comparisons. */
    summary: string;
    error: string | null;
    created_at: number;
    ended_at: number | null;
  };
  evaluation_results: {
    evaluation_id: string;
    example_id: string;
    /** Index of the subject. */
    subject: number;
    /** Of the example, by hash. */
    place: number;
    question: string;
    expected: string;
    output: string | null;
    score: number;
    detail: string;
    error: string | null;
    latency_ms: number;
    cost_nano: number | null;
    trace_id: string | null;
  };

  tuned_models: {
    id: string;
    user_id: string;
    name: string;
    model: string;
    base: string;
    run_id: string;
    files: string;
    created_at: number;
  };
  promotions: {
    id: string;
    user_id: string;
    alias: string;
    from_model: string | null;
    to_model: string;
    share: number;
    /** JSON: model and settings of the alias as it stood; null: it was not there. */
    alias_before: string | null;
    evaluation_id: string;
    gate: string;
    verdict: string;
    state: string;
    created_at: number;
    ended_at: number | null;
  };
  classifiers: {
    id: string;
    user_id: string;
    name: string;
    embedding_model: string;
    dimensions: number;
    labels: string;
    dataset_id: string;
    dataset_version: number;
    /** JSON: matrix, offsets, temperature; a few thousand numbers. */
    weights: string;
    report: string;
    created_at: number;
  };
}

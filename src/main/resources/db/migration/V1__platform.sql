-- The first answer to each Idempotency-Key. The resource is null only inside the transaction that makes it.
create table idempotency (
  scope       varchar(64)  not null,
  request_key varchar(200) not null,
  body_sha256 varchar(64)  not null,
  resource_id uuid,
  created_at  timestamp(6) with time zone not null,
  primary key (scope, request_key)
);

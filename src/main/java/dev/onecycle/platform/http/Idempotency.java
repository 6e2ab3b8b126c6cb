package dev.onecycle.platform.http;

import dev.onecycle.platform.Failure;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Creates a resource once for each {@code Idempotency-Key}, however often the request arrives.
 *
 * <p>The key is claimed, and the resource made, in one transaction: after a crash there are both or
 * neither. Of two requests at once the second waits for the first. Keys are kept for good, and each
 * caller has their own: nobody learns what another one's key made.
 */
@Component
public class Idempotency {

  static final String KEY = "[\\x21-\\x7e]{1,200}";

  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;
  private final JsonMapper mapper;
  private final Clock clock;

  Idempotency(JdbcClient jdbc, PlatformTransactionManager manager, JsonMapper mapper, Clock clock) {
    this.jdbc = jdbc;
    this.transactions = new TransactionTemplate(manager);
    this.mapper = mapper.rebuild().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();
    this.clock = clock;
  }

  /** A key's first request and what it made. */
  private record First(String bodySha256, UUID resource) {}

  /** Another request has claimed the key, and may not have finished. */
  private static final class Claimed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Claimed(Throwable cause) {
      super(cause);
    }
  }

  /**
   * The id that {@code create} answers, or answered when this key first came.
   *
   * @param key the request's {@code Idempotency-Key}, or null: then {@code create} simply runs
   * @param scope the kind of resource, such as {@code runs}: keys of different kinds do not meet
   * @param request what makes two requests the same, as something that renders to JSON
   * @param create makes the resource inside the transaction that claims the key; must not be called
   *     in a transaction of the caller
   * @throws Failure.Conflict if the key came with another request, or its first is still under way
   * @throws Failure.Invalid if the key is longer than 200 or not printable ASCII without spaces
   */
  public UUID once(@Nullable String key, String scope, Object request, Supplier<UUID> create) {
    if (key == null) {
      return transactions.execute(status -> create.get());
    }
    if (!key.matches(KEY)) {
      throw new Failure.Invalid(
          "Idempotency-Key must be 1 to 200 printable ASCII characters without spaces",
          "A random UUID is a good key.");
    }
    String digest = digest(request);
    String own = ownScope(scope);
    Optional<First> first = find(key, own);
    if (first.isPresent()) {
      return same(first.get(), digest);
    }
    try {
      return transactions.execute(status -> claim(key, own, digest, create));
    } catch (Claimed e) {
      return find(key, own).map(found -> same(found, digest)).orElseThrow(Idempotency::underWay);
    }
  }

  /** The scope of the caller, who is the holder of an API key; nobody in particular has none. */
  private static String ownScope(String scope) {
    Authentication caller = SecurityContextHolder.getContext().getAuthentication();
    return caller == null || caller instanceof AnonymousAuthenticationToken
        ? scope
        : scope + ":" + caller.getName();
  }

  private UUID claim(String key, String scope, String digest, Supplier<UUID> create) {
    try {
      jdbc.sql(
              "insert into idempotency (scope, request_key, body_sha256, created_at) values (?, ?, ?, ?)")
          .params(scope, key, digest, OffsetDateTime.now(clock))
          .update();
    } catch (DuplicateKeyException | ConcurrencyFailureException e) {
      throw new Claimed(e);
    }
    UUID id = create.get();
    jdbc.sql("update idempotency set resource_id = ? where scope = ? and request_key = ?")
        .params(id, scope, key)
        .update();
    return id;
  }

  private Optional<First> find(String key, String scope) {
    return jdbc.sql(
            "select body_sha256, resource_id from idempotency where scope = ? and request_key = ?")
        .params(scope, key)
        .query((row, n) -> new First(row.getString(1), row.getObject(2, UUID.class)))
        .optional();
  }

  private static UUID same(First first, String digest) {
    if (!first.bodySha256.equals(digest)) {
      throw new Failure.Conflict(
          "this Idempotency-Key came with another request before",
          "Use a new key for a new request.");
    }
    return first.resource;
  }

  private static Failure underWay() {
    return new Failure.Conflict(
        "the first request with this Idempotency-Key is still under way",
        "Repeat the request in a moment.");
  }

  private String digest(Object request) {
    try {
      byte[] json = mapper.writeValueAsBytes(request);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(json));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}

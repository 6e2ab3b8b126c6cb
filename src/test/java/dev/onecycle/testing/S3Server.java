package dev.onecycle.testing;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * A real S3 server in this JVM, on a port of the system's choosing; it keeps what it has in memory.
 */
public final class S3Server implements AutoCloseable {

  private static final String ID = "a-test";
  private static final String SECRET = "a-secret-of-the-tests";
  private static final AtomicInteger BUCKETS = new AtomicInteger();

  private final BlobStore blobs = new TransientNio2BlobStore();
  private final S3Proxy proxy;

  /** Starts it, and lets the AWS SDK of this JVM find its credentials. */
  public S3Server() throws Exception {
    System.setProperty("aws.accessKeyId", ID);
    System.setProperty("aws.secretAccessKey", SECRET);
    proxy =
        S3Proxy.builder()
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V4, ID, SECRET)
            .blobStore(blobs)
            .build();
    proxy.start();
  }

  /** What another process must have in its environment. */
  public static Map<String, String> credentials() {
    return Map.of("AWS_ACCESS_KEY_ID", ID, "AWS_SECRET_ACCESS_KEY", SECRET);
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + proxy.getPort());
  }

  /** The name of a new and empty bucket. */
  public String newBucket() {
    String name = "bucket-" + BUCKETS.incrementAndGet();
    blobs.createContainer(name);
    return name;
  }

  /** Puts an object. */
  public void put(String bucket, String key, byte[] bytes) {
    PutObjectRequest request =
        PutObjectRequest.builder()
            .bucket(bucket)
            .key(key)
            .contentLength((long) bytes.length)
            .build();
    blobs.putBlob(request, new ByteArrayInputStream(bytes));
  }

  @Override
  public void close() throws Exception {
    proxy.stop();
  }
}

package dev.mixwell.cli.index;

import dev.mixwell.objects.ObjectStore;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to reach the object store; credentials come from where every AWS tool finds them. */
final class StoreOptions {
  @Option(
      names = "--s3-endpoint",
      paramLabel = "URL",
      description = "S3-compatible storage other than Amazon's, such as https://minio:9000.")
  private @Nullable String endpoint;

  @Option(
      names = "--s3-region",
      paramLabel = "NAME",
      description = "Its region (default: what AWS_REGION or the profile says).")
  private @Nullable String region;

  ObjectStore.Access access() {
    return new ObjectStore.Access(endpoint, region);
  }
}

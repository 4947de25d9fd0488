package dev.mixwell.api;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code application/problem+json} (RFC 9457).
 *
 * @param facts extension members, written beside the standard ones
 */
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    @Nullable String instance,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> facts) {

  public static Problem of(Refusal refusal, @Nullable String instance) {
    ProblemType t = refusal.type();
    return new Problem(t.uri(), t.title(), t.status(), refusal.detail(), instance, refusal.facts());
  }
}

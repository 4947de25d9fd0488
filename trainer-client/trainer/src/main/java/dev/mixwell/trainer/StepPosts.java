package dev.mixwell.trainer;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.FeedbackRequest;
import dev.mixwell.client.Batch;
import dev.mixwell.trainer.model.GroupSums;
import dev.mixwell.trainer.model.TokenLosses;
import dev.mixwell.trainer.model.Trained;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is posted for a step: its train losses always, then what else the mixer in force awaits of
 * it. Owned by the training thread.
 */
final class StepPosts implements AutoCloseable {
  private final @Nullable ReferenceModel reference;
  private final @Nullable Integer rank;

  /**
   * @param rank of the posts; null where one rank posts for all
   */
  StepPosts(@Nullable ReferenceModel reference, @Nullable Integer rank) {
    this.reference = reference;
    this.rank = rank;
  }

  /**
   * @param where says whose feedback it is, for the message
   * @throws IllegalArgumentException if this launch cannot give what is awaited
   */
  void refuseUnlessAble(@Nullable FeedbackKind awaits, String where) {
    if (awaits != null && isRelative(awaits) && reference == null)
      throw new IllegalArgumentException(
          "%s awaits `%s`, losses against those of a reference model: launch again with --reference-checkpoint, naming the checkpoints of a finished training of the same model"
              .formatted(where, awaits.label()));
  }

  private static boolean isRelative(FeedbackKind awaits) {
    return awaits == FeedbackKind.EXCESS || awaits == FeedbackKind.DIFFERENCE;
  }

  /** In the order in which they are to be posted. */
  List<FeedbackRequest> of(Batch batch, GroupSums sums, Trained trained, double learningRate) {
    var posts = new ArrayList<FeedbackRequest>();
    posts.add(sums.feedback(FeedbackKind.TRAIN, rank));
    if (trained.gram() != null) posts.add(trained.gram().feedback(learningRate));
    FeedbackKind awaits = batch.awaits();
    if (awaits != null && isRelative(awaits) && reference != null) {
      TokenLosses judged = reference.losses(batch.rows());
      GroupSums relative =
          awaits == FeedbackKind.EXCESS
              ? trained.losses().excess(judged, batch.groupNames())
              : trained.losses().difference(judged, batch.groupNames());
      posts.add(relative.feedback(awaits, rank));
    }
    return posts;
  }

  @Override
  public void close() {
    if (reference != null) reference.close();
  }
}

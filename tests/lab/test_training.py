"""Training: it learns, it can be gone back to bit for bit, and all networks see the same batches."""

from dataclasses import replace

import numpy as np
import pytest

from lstmviz.files import BadInput
from lstmviz.lab import learner
from lstmviz.lab.keyframes import MOST_BYTES, MOST_FRAMES, Keyframes
from lstmviz.lab.readout import ask
from lstmviz.lab.recipe import OPTIMISERS, Recipe, Schedule
from lstmviz.lab.settings import Settings
from lstmviz.lab.tasks import TASKS
from lstmviz.lab.training import KEYFRAME_EVERY, Training

SHORT = Settings(gap=8, hidden=8, cells=("rnn", "lstm", "gru"))


def weights(training):
    return [racer.network.parameters.weight_hh.copy() for racer in training.comparison().racers]


def test_training_lowers_the_loss_below_chance():
    training = Training(replace(SHORT, gap=3, hidden=16, initialisation="orthogonal", forget_bias=1.0))
    for _ in range(100):
        progress = training.advance()
    for losses in progress.losses:
        assert losses[-10:].mean() < 0.8 * training.task.chance_loss(training.settings.gap)


def test_a_solved_task_is_noted_with_its_update():
    training = Training(Settings(gap=5, hidden=16, cells=("lstm",)))
    while training.update < 150 and training.progress().solved_at[0] is None:
        training.advance()
    assert training.progress().solved_at[0] == training.update
    assert training.update % training.recipe.test_every == 0


@pytest.mark.parametrize("goal", [0, 1, KEYFRAME_EVERY - 1, KEYFRAME_EVERY, KEYFRAME_EVERY + 3])
def test_an_earlier_update_comes_back_bit_for_bit(goal):
    training = Training(SHORT)
    kept = {}
    for update in range(KEYFRAME_EVERY + 6):
        kept[update] = weights(training)
        training.advance()
    training.seek(goal)
    for before, after in zip(kept[goal], weights(training), strict=True):
        np.testing.assert_array_equal(before, after)


def test_training_goes_on_from_a_rewound_update_as_it_did_before():
    training = Training(SHORT)
    for _ in range(30):
        training.advance()
    end, losses = weights(training), training.progress().losses[1]
    training.seek(7)
    for _ in range(23):
        training.advance()
    for before, after in zip(end, weights(training), strict=True):
        np.testing.assert_array_equal(before, after)
    np.testing.assert_array_equal(losses, training.progress().losses[1])


def test_an_update_not_yet_trained_cannot_be_shown():
    with pytest.raises(ValueError, match="update 1 was not trained"):
        Training(SHORT).seek(1)


def test_two_trainings_with_the_same_seed_agree_bit_for_bit():
    one, two = Training(SHORT), Training(SHORT)
    for _ in range(5):
        one.advance(), two.advance()
    for a, b in zip(weights(one), weights(two), strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_inner_bias_of_the_gru_is_not_trained():
    training = Training(SHORT)
    for _ in range(3):
        training.advance()
    np.testing.assert_array_equal(training.comparison().racer("gru").network.parameters.bias_hn, 0.0)


def test_the_losses_of_a_progress_cannot_be_changed():
    training = Training(SHORT)
    with pytest.raises(ValueError, match="read-only"):
        training.advance().losses[0][0] = 0.0


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_every_optimiser_comes_back_to_an_earlier_update_bit_for_bit(optimiser):
    schedule = Schedule("cosine", span=40, warm_up=5)
    recipe = Recipe(optimiser=optimiser, clip_by="value", clip=0.01, weight_decay=0.1, schedule=schedule)
    training = Training(SHORT, recipe)
    kept = {}
    for update in range(KEYFRAME_EVERY + 4):
        kept[update] = weights(training)
        training.advance()
    progress = training.progress()
    for goal in (KEYFRAME_EVERY + 2, 3):
        training.seek(goal)
        for before, after in zip(kept[goal], weights(training), strict=True):
            np.testing.assert_array_equal(before, after)
    for _ in range(20):
        training.advance()
    np.testing.assert_array_equal(training.progress().norms[1], progress.norms[1])


def test_the_norms_before_and_after_clipping_are_recorded_at_every_update():
    training = Training(SHORT, Recipe(clip=0.05, schedule=Schedule("staircase", span=2, factor=0.5)))
    for _ in range(4):
        progress = training.advance()
    for norms, clipped in zip(progress.norms, progress.clipped_norms, strict=True):
        assert norms.shape == clipped.shape == (4,)
        np.testing.assert_allclose(clipped, np.minimum(norms, 0.05), rtol=1e-12)
    np.testing.assert_allclose(progress.learning_rates, [3e-3, 3e-3, 1.5e-3, 1.5e-3])


def test_a_progress_stays_what_it_was_while_training_goes_on():
    training = Training(SHORT)
    early = training.advance()
    loss = early.losses[0].copy()
    for _ in range(70):
        training.advance()
    assert early.losses[0].shape == (1,)
    np.testing.assert_array_equal(early.losses[0], loss)
    assert training.progress().losses[0].shape == (71,)


def test_momentum_adds_what_is_kept_of_the_update_before():
    training, plain = (
        Training(SHORT, Recipe(optimiser=optimiser, learning_rate=0.1, clip_by="none"))
        for optimiser in ("momentum", "sgd")
    )
    moved, descended = [weights(training)], [weights(plain)]
    for _ in range(2):
        training.advance(), plain.advance()
        moved.append(weights(training)), descended.append(weights(plain))
    for start, once, twice, same, next_descent in zip(*moved, *descended[1:], strict=True):
        np.testing.assert_array_equal(once, same)  # nothing is kept yet, and both then have the same gradient
        np.testing.assert_allclose(twice, next_descent + 0.9 * (once - start), rtol=1e-12)


def trained(settings, recipe, updates):
    training = Training(settings, recipe)
    for _ in range(updates):
        training.advance()
    return training


def all_weights(training):
    return [array for runner in training.runners for array in (*runner.network.weights(), *runner.readout)]


def assert_same(first, second):
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)


EVERYTHING = Recipe(
    input_dropout=0.3, test_every=5, early_stopping=2, sequences=20, schedule=Schedule("cosine", span=30, warm_up=3)
)


def test_updates_with_dropout_schedule_and_early_stopping_come_back_bit_for_bit():
    training, kept = Training(SHORT, EVERYTHING), {}
    for update in range(60):
        kept[update] = all_weights(training)
        training.advance()
    assert any(stopped is not None for stopped in training.progress().stopped_at)
    for goal in (59, 31, 26, 4, 0):
        training.seek(goal)
        assert_same(kept[goal], all_weights(training))


def test_dropout_changes_training_and_leaves_tests_alone():
    plain, dropped = trained(SHORT, Recipe(), 3), trained(SHORT, Recipe(input_dropout=0.5), 3)
    assert plain.progress().losses[0][0] != dropped.progress().losses[0][0]
    fresh = Training(SHORT, Recipe(input_dropout=0.5))
    assert fresh.examine() == Training(SHORT).examine()


def test_early_stopping_takes_the_best_weights_back_and_trains_no_further():
    settings = Settings(task="order", gap=12, hidden=16, cells=("lstm",), forget_bias=1.0)
    recipe = Recipe(learning_rate=0.03, test_every=10, early_stopping=3, sequences=12)
    training = Training(settings, recipe)
    kept = {}
    while not training.stopped and training.update < 600:
        training.advance()
        kept[training.update] = all_weights(training)
    progress = training.progress()
    best, stopped = progress.best_at[0], progress.stopped_at[0]
    losses = {found.update: found.validation_loss for found in progress.examinations[0]}
    assert stopped == best + 30 and losses[best] == min(losses.values())
    assert_same(kept[best], all_weights(training))
    assert len(progress.losses[0]) == stopped
    training.advance()
    assert_same(kept[best], all_weights(training))
    training.seek(stopped - 1)
    assert_same(kept[stopped - 1], all_weights(training))


def test_a_fixed_number_of_training_sequences_is_learned_by_heart():
    settings = Settings(task="order", gap=12, hidden=16, cells=("lstm",), forget_bias=1.0)
    training = trained(settings, Recipe(learning_rate=0.02, sequences=8), 150)
    seen = {training.batch(update).x[:, b].tobytes() for update in range(20) for b in range(8)}
    assert len(seen) == 8
    assert training.progress().losses[0][-1] < 0.1 < training.examine()[0].loss


def test_a_batch_of_a_pool_never_holds_a_sequence_twice():
    batch = Training(SHORT, Recipe(sequences=40)).batch(3)
    assert len({batch.x[:, b].tobytes() for b in range(batch.x.shape[1])}) > 30
    assert Training(SHORT, Recipe(sequences=10)).batch(3).x.shape[1] == 10


def test_a_branch_goes_on_from_an_earlier_update_and_leaves_the_training_it_came_from():
    training = trained(SHORT, Recipe(test_every=10), 47)
    losses, end = training.progress().losses[1].copy(), all_weights(training)
    branch = training.branch(22)
    assert branch.trained == branch.update == 22 and len(branch.progress().examinations[0]) == 2
    for _ in range(25):
        branch.advance()
    assert_same(end, all_weights(branch))  # the same batches come again
    np.testing.assert_array_equal(branch.progress().losses[1], losses)
    branch.change(replace(branch.recipe, learning_rate=0.1))
    branch.advance()
    np.testing.assert_array_equal(training.progress().losses[1], losses)
    training.seek(47)
    assert_same(end, all_weights(training))


def test_a_branch_has_the_heat_map_of_its_own_updates_also_where_rows_are_merged():
    training = trained(SHORT, Recipe(), 1)
    for record in training._records:
        record.heat._most_rows = 8
    for _ in range(30):
        training.advance()
    branch = training.branch(22)
    again = trained(SHORT, Recipe(), 22)
    for shown, expected in zip(branch.heat_maps(), again.heat_maps(), strict=True):
        assert shown.updates_per_row == 4 and shown.updates == expected.updates == 22
        rows = [expected.log10[start : start + 4].mean(axis=0) for start in range(0, 22, 4)]
        np.testing.assert_allclose(shown.log10, rows, rtol=1e-4)


def test_a_branch_from_before_the_best_update_finds_a_best_of_its_own():
    training = trained(SHORT, replace(EVERYTHING, early_stopping=3), 50)
    branch = training.branch(12)
    for _ in range(38):
        branch.advance()
    assert branch.progress().best_at == training.progress().best_at
    assert_same(all_weights(training), all_weights(branch))


def test_a_recipe_changed_on_the_way_holds_from_the_next_update_and_rewinding_stays_exact():
    training = trained(SHORT, Recipe(), 10)
    training.change(Recipe(learning_rate=0.01, batch=5, clip=0.01))
    kept = {}
    for update in range(10, 40):
        kept[update] = all_weights(training)
        training.advance()
    assert training.batch(9).x.shape[1] == 32 and training.batch(10).x.shape[1] == 5
    assert list(training.progress().learning_rates[8:12]) == [3e-3, 3e-3, 0.01, 0.01]
    assert training.progress().clipped_norms[0][10:].max() <= 0.01 * (1 + 1e-12)
    for goal in (30, 12, 10):
        training.seek(goal)
        assert_same(kept[goal], all_weights(training))


def test_what_cannot_change_on_the_way_is_refused_in_one_line():
    with pytest.raises(BadInput, match=r"^Training: optimiser: sgd comes too late: training has begun \(adam\)$"):
        Training(SHORT).change(Recipe(optimiser="sgd"))


def test_memory_for_going_back_stays_bounded_however_long_training_goes_on():
    keyframes = Keyframes("start", size=1)
    for update in range(1, 20_001):
        keyframes.offer(update, f"state {update}")
    assert len(keyframes) <= MOST_FRAMES
    worst = max(update - keyframes.before(update)[0] for update in range(0, 20_001, 7))
    assert worst < keyframes.spacing <= 20_000 / 16
    assert keyframes.before(0) == (0, "start")


def test_states_of_large_networks_are_kept_at_fewer_updates():
    keyframes = Keyframes(None, size=MOST_BYTES // 10)
    for update in range(1, 2000):
        keyframes.offer(update, None)
    assert len(keyframes) <= 10


def test_the_share_and_the_heat_map_are_those_of_the_gradient_on_the_batch():
    training = Training(SHORT)
    shares = training.log10_shares()
    batch, (network, readout) = training.batch(0), training.networks()[1]
    tape = network.forward(batch.x)
    log10 = network.backward(tape, ask(readout, tape.h, batch.targets, "cross_entropy").d_h).log10_h.mean(axis=1)[1:]
    training.advance()
    np.testing.assert_allclose(training.heat_maps()[1].log10[0], log10, rtol=1e-5)
    assert shares == training.log10_shares() == training.progress().log10_shares
    assert shares[1] == pytest.approx(log10[0] - log10[-1], rel=1e-12)


@pytest.mark.parametrize("task", ["sides", "anbn", "latch"])
def test_the_share_is_that_of_the_last_answer_alone_also_where_others_are_asked(task):
    training = Training(replace(SHORT, task=task, gap=40, cells=("rnn",), seed=3))
    batch, (network, readout) = training.batch(0), training.networks()[0]
    tape = network.forward(batch.x)
    found = []
    for b in range(batch.x.shape[1]):
        last = len(batch.x) - 1 if batch.asked is None else int(np.flatnonzero(batch.asked[:, b])[-1])
        only = np.zeros(batch.x.shape[:2])
        only[last, b] = 1.0
        d_h = ask(readout, tape.h, batch.targets, training.task.loss, "all", only).d_h
        log10 = network.backward(tape, d_h).log10_h[:, b]
        found.append(log10[1] - log10[last + 1])
    share = training.log10_shares()[0]
    assert share == pytest.approx(np.mean(found), rel=1e-9)
    assert share < -4  # the answers on the way would make it about 0
    training.advance()
    assert training.progress().log10_shares == (share,)


def test_a_large_test_answered_in_parts_gives_what_it_gives_at_once(monkeypatch):
    settings = replace(SHORT, task="adding")
    whole = trained(settings, Recipe(), 3).examine()
    monkeypatch.setattr(learner, "PART_BYTES", 1 << 17)
    for one, other in zip(whole, trained(settings, Recipe(), 3).examine(), strict=True):
        assert (one.score, one.solved) == pytest.approx((other.score, other.solved))
        assert one.loss == pytest.approx(other.loss, rel=1e-12)


def test_stacked_and_bidirectional_networks_train_on_any_task_and_come_back_bit_for_bit():
    settings = Settings(task="sides", gap=9, hidden=5, cells=("rnn", "lstm"), layers=2, bidirectional=True)
    recipe = Recipe(dropout=0.3, input_dropout=0.2, learning_rate=0.01)
    training = Training(settings, recipe)
    kept = {}
    for update in range(32):
        kept[update] = all_weights(training)
        training.advance()
    assert len(kept[0]) == 2 * (2 * 2 * 3 + 2)  # two networks: layers, directions and arrays of each, and a readout
    training.seek(28)
    assert_same(kept[28], all_weights(training))
    assert training.progress().losses[1][-5:].mean() < training.progress().losses[1][:5].mean()


def test_networks_race_on_the_same_batches_whoever_else_takes_part():
    recipe = Recipe(input_dropout=0.2)
    alone, together = trained(replace(SHORT, cells=("gru",)), recipe, 6), trained(SHORT, recipe, 6)
    np.testing.assert_array_equal(alone.progress().losses[0], together.progress().losses[2])


@pytest.mark.parametrize("task", ["adding", "order", "anbn", "reber", "sine", "copy1"])
def test_networks_learn_on_tasks_of_every_kind_of_answer(task):
    settings = Settings(task=task, gap=max(6, TASKS[task].least_gap), hidden=12, cells=("lstm",), forget_bias=1.0)
    training = trained(settings, Recipe(learning_rate=0.02, test_every=20), 40)
    losses = training.progress().losses[0]
    assert losses[-5:].mean() < losses[:5].mean()
    assert len(training.progress().examinations[0]) == 2


def test_with_a_window_nothing_flows_back_across_its_ends():
    training = trained(SHORT, Recipe(window=4), 3)
    for heat in training.heat_maps():
        assert np.isfinite(heat.log10[:, 8:]).all()
        assert np.isneginf(heat.log10[:, :8]).all()


def test_a_window_as_long_as_the_sequence_is_the_whole_gradient_bit_for_bit():
    assert_same(all_weights(trained(SHORT, Recipe(window=9), 5)), all_weights(trained(SHORT, Recipe(), 5)))


def test_networks_train_and_come_back_with_a_truncated_window():
    settings = Settings(task="anbn", gap=9, hidden=12, cells=("rnn", "lstm", "gru"))
    training, kept = Training(settings, Recipe(window=3, learning_rate=0.02)), {}
    for update in range(40):
        kept[update] = all_weights(training)
        training.advance()
    for losses in training.progress().losses:
        assert losses[-5:].mean() < losses[:5].mean()
    training.seek(17)
    assert_same(kept[17], all_weights(training))


def test_the_truncated_gradient_of_1997_trains_and_is_another_one():
    settings = replace(SHORT, cells=("lstm",))
    whole, truncated = trained(settings, Recipe(), 30), trained(settings, Recipe(truncated=True), 30)
    assert whole.progress().losses[0][0] == truncated.progress().losses[0][0]
    assert not np.array_equal(all_weights(whole)[0], all_weights(truncated)[0])
    assert truncated.progress().losses[0][-5:].mean() < truncated.progress().losses[0][:5].mean()

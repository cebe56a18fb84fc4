-- Guarantees a row for every combination of scores that a preset can give, so that no customer falls out of a join:
-- what no rule of the preset covers is called other.
with

presets as (

    select * from {{ ref('crm_segmentation', 'rfm_presets') }}

),

rules as (

    select * from {{ ref('crm_segmentation', 'rfm_groups') }}

),

scores as (

    {{ integers(0, 10) }}

),

cells as (

    select
        presets.preset,
        recency_scores.number as recency_score,
        frequency_scores.number as frequency_score,
        monetary_scores.number as monetary_score,
        recency_scores.number + frequency_scores.number + monetary_scores.number as rfm_score,
        {{ rfm_cell('recency_scores.number', 'frequency_scores.number', 'monetary_scores.number') }} as rfm_cell

    from presets

    inner join scores as recency_scores
        on recency_scores.number between presets.lowest_score and presets.highest_score

    inner join scores as frequency_scores
        on frequency_scores.number between presets.lowest_score and presets.highest_score

    inner join scores as monetary_scores
        on monetary_scores.number between presets.lowest_score and presets.highest_score

),

-- The first rule that holds names the group; an empty bound in the seed holds for every score.
first_matches as (

    select
        cells.preset,
        cells.recency_score,
        cells.frequency_score,
        cells.monetary_score,
        min(rules.rule_number) as rule_number

    from cells

    inner join rules
        on
            cells.preset = rules.preset
            and cells.recency_score >= coalesce(rules.lowest_recency_score, cells.recency_score)
            and cells.recency_score <= coalesce(rules.highest_recency_score, cells.recency_score)
            and cells.frequency_score >= coalesce(rules.lowest_frequency_score, cells.frequency_score)
            and cells.frequency_score <= coalesce(rules.highest_frequency_score, cells.frequency_score)
            and cells.monetary_score >= coalesce(rules.lowest_monetary_score, cells.monetary_score)
            and cells.monetary_score <= coalesce(rules.highest_monetary_score, cells.monetary_score)
            and cells.rfm_score >= coalesce(rules.lowest_rfm_score, cells.rfm_score)
            and cells.rfm_score <= coalesce(rules.highest_rfm_score, cells.rfm_score)

    group by cells.preset, cells.recency_score, cells.frequency_score, cells.monetary_score

),

named_cells as (

    select
        cells.preset,
        cells.recency_score,
        cells.frequency_score,
        cells.monetary_score,
        cells.rfm_score,
        cells.rfm_cell,
        first_matches.rule_number,
        coalesce(rules.rfm_group, 'other') as rfm_group

    from cells

    left join first_matches
        on
            cells.preset = first_matches.preset
            and cells.recency_score = first_matches.recency_score
            and cells.frequency_score = first_matches.frequency_score
            and cells.monetary_score = first_matches.monetary_score

    left join rules
        on first_matches.preset = rules.preset and first_matches.rule_number = rules.rule_number

)

select * from named_cells

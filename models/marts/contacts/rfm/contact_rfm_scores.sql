with

measures as (

    select * from {{ ref('contact_rfm_measures') }}

),

bands as (

    select * from {{ ref('rfm_score_bands') }}

),

cells as (

    select * from {{ ref('rfm_cells') }}
    where preset = '{{ var("rfm_preset") }}'

),

scored as (

    select
        measures.contact_id,
        measures.recency_days,
        measures.frequency,
        measures.monetary,
        recency_bands.score as recency_score,
        frequency_bands.score as frequency_score,
        monetary_bands.score as monetary_score

    from measures

    left join bands as recency_bands
        on recency_bands.measure = 'recency' and {{ in_score_band('measures.recency_days', 'recency_bands') }}

    left join bands as frequency_bands
        on frequency_bands.measure = 'frequency' and {{ in_score_band('measures.frequency', 'frequency_bands') }}

    left join bands as monetary_bands
        on monetary_bands.measure = 'monetary' and {{ in_score_band('measures.monetary', 'monetary_bands') }}

),

grouped as (

    select
        scored.contact_id,
        scored.recency_days,
        scored.frequency,
        scored.monetary,
        scored.recency_score,
        scored.frequency_score,
        scored.monetary_score,
        cells.rfm_score,
        cells.rfm_cell,
        cells.rfm_group

    from scored

    left join cells
        on
            scored.recency_score = cells.recency_score
            and scored.frequency_score = cells.frequency_score
            and scored.monetary_score = cells.monetary_score

)

select * from grouped

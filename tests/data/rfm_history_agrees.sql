-- At the as-of date, where it is a month end, the history holds what contact_rfm_scores holds.
with

history as (

    select * from {{ ref('crm_segmentation', 'contact_rfm_history') }}
    where month_end = {{ as_of_date() }}

),

scored_days as (

    select * from {{ ref('crm_segmentation', 'int_rfm__month_ends') }}
    where month_end = {{ as_of_date() }}

),

scores as (

    select scores_now.*

    from {{ ref('crm_segmentation', 'contact_rfm_scores') }} as scores_now

    cross join scored_days

),

violations as (

    select
        case
            when history.contact_id is null then 'the history has no such scores'
            else 'only the history has these scores'
        end as problem,
        coalesce(scores.contact_id, history.contact_id) as contact_id

    from scores

    full outer join history
        on
            scores.contact_id = history.contact_id
            and scores.recency_days = history.recency_days
            and scores.frequency = history.frequency
            and scores.monetary = history.monetary
            and scores.rfm_cell = history.rfm_cell
            and scores.rfm_group = history.rfm_group

    where scores.contact_id is null or history.contact_id is null

)

select * from violations

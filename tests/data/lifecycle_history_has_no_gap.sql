-- Intervals of a contact must join end to end, from the day it was first seen to now, and agree with the current stage.
with

history as (

    select * from {{ ref('crm_segmentation', 'contact_lifecycle_history') }}

),

stages as (

    select * from {{ ref('crm_segmentation', 'contact_lifecycle_stages') }}

),

contacts as (

    select * from {{ ref('crm_segmentation', 'contacts') }}

),

joined as (

    select
        contacts.contact_id,
        history.valid_from,
        history.valid_to,
        history.lifecycle_stage,
        stages.lifecycle_stage as current_stage,
        cast(contacts.first_seen_at as date) as first_seen_on,
        lead(history.valid_from) over (partition by contacts.contact_id order by history.valid_from asc) as next_from,
        row_number() over (partition by contacts.contact_id order by history.valid_from asc) as interval_number

    from contacts

    left join history on contacts.contact_id = history.contact_id

    left join stages on contacts.contact_id = stages.contact_id

),

violations as (

    select
        *,
        case
            when valid_from is null then 'no stage at all'
            when interval_number = 1 and valid_from != first_seen_on then 'the first stage does not begin on the day first seen'
            when valid_to is null and next_from is null then 'the open stage is not the current one'
            else 'a gap or an overlap before the next stage'
        end as problem

    from joined

    where
        valid_from is null
        or (interval_number = 1 and valid_from != first_seen_on)
        or coalesce(valid_to, cast('9999-12-31' as date)) != coalesce(next_from, cast('9999-12-31' as date))
        or (valid_to is null and lifecycle_stage != current_stage)

)

select * from violations

{{ rebuilt_for_changes('int_orders__changed_contacts') }}

-- Guarantees intervals that follow each other without a gap, the last of which is open, and no two of one stage in a
-- row.
with

stage_starts as (

    select * from {{ ref('crm_segmentation', 'int_lifecycle__stage_starts') }}
    where {{ is_changed('int_orders__changed_contacts') }}

),

contacts as (

    select * from {{ ref('crm_segmentation', 'contacts') }}

),

-- A purchase may be older than the contact: the history then opens with the stage that held on the first day.
ranked as (

    select
        stage_starts.contact_id,
        stage_starts.lifecycle_stage,
        {{ greatest_of(['stage_starts.starts_on', 'cast(contacts.first_seen_at as date)']) }} as valid_from,
        row_number() over (
            partition by
                stage_starts.contact_id,
                {{ greatest_of(['stage_starts.starts_on', 'cast(contacts.first_seen_at as date)']) }}
            order by
                case when stage_starts.lifecycle_stage = 'prospect' then 1 else 0 end asc,
                stage_starts.starts_on desc
        ) as day_rank

    from stage_starts

    inner join contacts on stage_starts.contact_id = contacts.contact_id

),

with_previous as (

    select
        contact_id,
        lifecycle_stage,
        valid_from,
        lag(lifecycle_stage) over (partition by contact_id order by valid_from asc) as previous_stage

    from ranked

    where day_rank = 1

),

changes as (

    select * from with_previous
    where previous_stage is null or previous_stage != lifecycle_stage

),

intervals as (

    select
        contact_id,
        lifecycle_stage,
        previous_stage,
        valid_from,
        lead(valid_from) over (partition by contact_id order by valid_from asc) as valid_to

    from changes

)

select * from intervals

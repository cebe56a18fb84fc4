{{ config(enabled=has_feature('experiments')) }}
{%- set assigned_on = greatest_of([outcome_starts_on('members.entered_on'), 'declared.starts_on']) %}

-- Guarantees that by hash a contact meets one variant of an experiment, whenever it enters. Everybody is a member of all.
with

declared as (

    {{ experiment_rows() | indent(4) }}

),

variants as (

    {{ experiment_variant_rows() | indent(4) }}

),

{{ imports({'contacts': 'contacts', 'source_assignments': 'stg_activity__experiment_assignments'}) }}

members as (

    select
        segment_name,
        contact_id,
        entered_on,
        exited_on

    from {{ ref('crm_segmentation', 'int_segments__membership_spells') }}

    union all

    select
        'all' as segment_name,
        contact_id,
        cast(first_seen_at as date) as entered_on,
        cast(null as date) as exited_on

    from contacts

),

-- A contact is assigned when its first day in the segment is over, while the experiment runs, and stays when it leaves the segment.
entrants as (

    select
        declared.experiment_name,
        members.contact_id,
        min({{ assigned_on }}) as assigned_on,
        {{ hash_bucket(['members.contact_id', 'declared.experiment_name'], 'weights.weight_total') }} as bucket

    from declared

    inner join members on declared.segment_name = members.segment_name

    inner join variants as weights on declared.experiment_name = weights.experiment_name and weights.first_bucket = 0

    where
        declared.assigned_by = 'hash'
        and {{ assigned_on }} <= declared.ends_on
        and {{ assigned_on }} <= {{ outcome_starts_on(as_of_date()) }}
        and (members.exited_on is null or {{ assigned_on }} < {{ outcome_starts_on('members.exited_on') }})

    group by declared.experiment_name, members.contact_id, weights.weight_total

),

units as (

    select
        entrants.experiment_name,
        entrants.contact_id as record_id,
        variants.variant,
        cast(entrants.assigned_on as timestamp) as assigned_at

    from entrants

    inner join variants
        on
            entrants.experiment_name = variants.experiment_name
            and entrants.bucket >= variants.first_bucket
            and entrants.bucket < variants.next_bucket

    union all

    select
        source_assignments.experiment_name,
        source_assignments.record_id,
        source_assignments.variant,
        source_assignments.assigned_at

    from source_assignments

    left join declared on source_assignments.experiment_name = declared.experiment_name

    where coalesce(declared.assigned_by, 'source') = 'source'

)

select * from units

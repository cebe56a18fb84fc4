{{ config(enabled=has_feature('experiments')) }}

with

declared as (

    select * from {{ ref('crm_segmentation', 'int_experiments__declared') }}

),

variants as (

    {{ experiment_variant_rows() | indent(4) }}

),

spells as (

    select * from {{ ref('crm_segmentation', 'int_segments__membership_spells') }}

),

contacts as (

    select * from {{ ref('crm_segmentation', 'contacts') }}

),

source_assignments as (

    select * from {{ ref('crm_segmentation', 'stg_activity__experiment_assignments') }}

),

entries as (

    select
        declared.experiment_name,
        spells.contact_id,
        {{ greatest_of([outcome_starts_on('spells.entered_on'), 'declared.starts_on']) }} as assigned_on,
        declared.ends_on,
        {{ outcome_starts_on('spells.exited_on') }} as left_on

    from declared

    inner join spells on declared.segment_name = spells.segment_name

    where declared.assigned_by = 'hash'

    union all

    select
        declared.experiment_name,
        contacts.contact_id,
        {{ greatest_of([outcome_starts_on('cast(contacts.first_seen_at as date)'), 'declared.starts_on']) }} as assigned_on,
        declared.ends_on,
        cast(null as date) as left_on

    from contacts

    inner join declared on declared.segment_name = 'all' and declared.assigned_by = 'hash'

),

-- A contact is assigned when its first day in the segment is over, while the experiment runs, and stays when it leaves the segment.
entrants as (

    select
        experiment_name,
        contact_id,
        min(assigned_on) as assigned_on

    from entries

    where
        assigned_on <= ends_on
        and assigned_on <= {{ outcome_starts_on(as_of_date()) }}
        and (left_on is null or assigned_on < left_on)

    group by experiment_name, contact_id

),

drawn as (

    select
        entrants.experiment_name,
        entrants.contact_id,
        entrants.assigned_on,
        {{ hash_bucket(['entrants.contact_id', 'entrants.experiment_name'], 'weights.weight_total') }} as bucket

    from entrants

    inner join variants as weights
        on entrants.experiment_name = weights.experiment_name and weights.first_bucket = 0

),

units as (

    select
        drawn.experiment_name,
        drawn.contact_id as record_id,
        variants.variant,
        cast(drawn.assigned_on as timestamp) as assigned_at

    from drawn

    inner join variants
        on
            drawn.experiment_name = variants.experiment_name
            and drawn.bucket >= variants.first_bucket
            and drawn.bucket < variants.next_bucket

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

{{ config(enabled=has_feature('experiments')) }}

-- Guarantees every declared variant, whether anybody was assigned to it or not, and of other experiments those that were met.
with

declared as (

    {{ experiment_rows() | indent(4) }}

),

declared_variants as (

    {{ experiment_variant_rows() | indent(4) }}

),

assignments as (

    select * from {{ ref('crm_segmentation', 'experiment_assignments') }}

),

contact_counts as (

    select
        experiment_name,
        variant,
        sum(case when exclusion_reason is null then 1 else 0 end) as contact_count,
        sum(case when exclusion_reason is not null then 1 else 0 end) as excluded_contact_count,
        min(assigned_at) as first_assigned_at,
        max(assigned_at) as last_assigned_at

    from assignments

    group by experiment_name, variant

),

-- Of an experiment known only from its assignments: every variant that was met, each as likely.
all_variants as (

    select
        declared_variants.experiment_name,
        declared_variants.variant,
        declared_variants.weight,
        declared_variants.variant = declared.control_variant as is_control

    from declared_variants

    inner join declared on declared_variants.experiment_name = declared.experiment_name

    union all

    select
        contact_counts.experiment_name,
        contact_counts.variant,
        1 as weight,
        contact_counts.variant = 'control' as is_control

    from contact_counts

    left join declared on contact_counts.experiment_name = declared.experiment_name

    where declared.experiment_name is null

),

variants as (

    select
        all_variants.experiment_name,
        all_variants.variant,
        all_variants.weight,
        all_variants.is_control,
        cast(coalesce(contact_counts.contact_count, 0) as bigint) as contact_count,
        cast(coalesce(contact_counts.excluded_contact_count, 0) as bigint) as excluded_contact_count,
        contact_counts.first_assigned_at,
        contact_counts.last_assigned_at

    from all_variants

    left join contact_counts
        on all_variants.experiment_name = contact_counts.experiment_name and all_variants.variant = contact_counts.variant

)

select * from variants

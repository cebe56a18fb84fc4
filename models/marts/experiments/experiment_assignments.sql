{{ config(enabled=has_feature('experiments')) }}

-- Guarantees one variant for each contact and experiment, the first. Who may not be counted stays here with the
-- reason, so that nobody is missing without a word.
with

units as (

    select * from {{ ref('crm_segmentation', 'int_experiments__units') }}

),

known_records as (

    select * from {{ ref('crm_segmentation', 'int_contacts__known_records') }}

),

variants as (

    {{ experiment_variant_rows() | indent(4) }}

),

known_units as (

    select
        units.experiment_name,
        known_records.contact_id,
        units.variant,
        units.assigned_at,
        row_number() over (
            partition by units.experiment_name, known_records.contact_id
            order by
                units.assigned_at asc,
                case when units.record_id = known_records.contact_id then 0 else 1 end asc,
                {{ by_code_point('units.variant') }} asc
        ) as unit_number,
        min(units.variant) over (partition by units.experiment_name, known_records.contact_id) as lowest_variant,
        max(units.variant) over (partition by units.experiment_name, known_records.contact_id) as highest_variant

    from units

    inner join known_records on units.record_id = known_records.record_id

),

experiment_assignments as (

    select
        cast(known_units.experiment_name as {{ dbt.type_string() }}) as experiment_name,
        known_units.contact_id,
        cast(known_units.variant as {{ dbt.type_string() }}) as variant,
        known_units.assigned_at,
        cast(case
            when known_units.lowest_variant != known_units.highest_variant then 'met_two_variants'
            when declared_experiments.experiment_name is not null and variants.variant is null then 'undeclared_variant'
        end as {{ dbt.type_string() }}) as exclusion_reason

    from known_units

    left join variants as declared_experiments
        on known_units.experiment_name = declared_experiments.experiment_name and declared_experiments.first_bucket = 0

    left join variants
        on known_units.experiment_name = variants.experiment_name and known_units.variant = variants.variant

    where known_units.unit_number = 1

)

select * from experiment_assignments

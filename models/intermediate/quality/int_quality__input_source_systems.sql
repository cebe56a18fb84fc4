with

source_systems as (

    select * from {{ ref('crm_segmentation', 'base_raw__source_systems') }}

),

spellings as (

    select
        tidy_name,
        count(distinct spelling) as spelling_count

    from source_systems

    group by tidy_name

),

source_system_words as (

    select
        'source_system_spellings' as check_name,
        source_systems.raw_table,
        source_systems.tidy_name as source_system,
        '' as subject,
        source_systems.spelling as word,
        source_systems.row_count,
        case
            when spellings.spelling_count > 1 and source_systems.spelling != source_systems.tidy_name then source_systems.row_count
            else 0
        end as failing_count

    from source_systems

    inner join spellings on source_systems.tidy_name = spellings.tidy_name

)

select * from source_system_words

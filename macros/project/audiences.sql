{# Who is in the audience of a destination, with what destinations may know of them. The model is built where the destination is chosen. #}
{% macro recipients_of(destination) -%}
    {{- config(enabled=crm_segmentation.is_chosen(destination)) -}}
    select
        recipients.*,
        destinations.drops_gmail_dots

    from {{ ref('crm_segmentation', 'int_audiences__recipients') }} as recipients

    inner join {{ ref('crm_segmentation', 'destinations') }} as destinations
        on recipients.channel = destinations.channel and recipients.identifier = destinations.identifier

    where destinations.destination = '{{ destination }}' and destinations.is_active
{%- endmacro %}


{# A list |a|b| as a separator b; an empty text for null. #}
{% macro separated(list, separator) -%}
    coalesce(replace(trim(replace({{ list }}, '|', ' ')), ' ', '{{ separator }}'), '')
{%- endmacro %}


{# A list |a|b| as a JSON array. #}
{% macro json_strings(list) -%}
    case
        when {{ list }} is null then '[]'
        else '[' || replace({{ crm_segmentation.json_text('substr(' ~ list ~ ', 2, length(' ~ list ~ ') - 2)') }}, '|', '", "') || ']'
    end
{%- endmacro %}


{# A number or a truth value for json_object. #}
{% macro json_scalar(expression) -%}
    coalesce(cast({{ expression }} as {{ dbt.type_string() }}), 'null')
{%- endmacro %}


{# A JSON object with its names in the order given. values: by name, SQL that is JSON, as json_text, json_strings and json_scalar make it.
   conditions: by name, SQL that must hold for the name to be there. #}
{% macro json_object(values, conditions={}) -%}
    {%- set pairs = [] -%}
    {%- for name, value in values.items() -%}
        {%- set pair = "', \"" ~ name ~ "\": ' || " ~ value -%}
        {%- do pairs.append('case when ' ~ conditions[name] ~ ' then ' ~ pair ~ " else '' end" if name in conditions else pair) -%}
    {%- endfor -%}
    '{' || substr({{ pairs | join('\n            || ') }}, 3) || '}'
{%- endmacro %}


{# What Braze is billed for: its attributes with their JSON. A null takes an attribute off the user. #}
{% macro braze_attributes() -%}
    {%- set attributes = {} -%}
    {%- for name in ['email', 'phone', 'first_name', 'last_name', 'country', 'language', 'time_zone', 'gender'] -%}
        {%- do attributes.update({name: crm_segmentation.json_text(name)}) -%}
    {%- endfor -%}
    {{- return(dict(
        attributes,
        crm_is_member=crm_segmentation.json_scalar('crm_is_member'),
        crm_lifecycle_stage=crm_segmentation.json_text('crm_lifecycle_stage'),
        crm_rfm_group=crm_segmentation.json_text('crm_rfm_group'),
        crm_segments='crm_segments',
    )) -}}
{%- endmacro %}

{# Who is in the audience of a destination, with what destinations may know of them. #}
{% macro recipients_of(destination) -%}
    select
        recipients.*,
        destinations.drops_gmail_dots

    from {{ ref('int_audiences__recipients') }} as recipients

    inner join {{ ref('destinations') }} as destinations
        on recipients.channel = destinations.channel and recipients.identifier = destinations.identifier

    where destinations.destination = '{{ destination }}' and destinations.is_active
{%- endmacro %}


{# A list |a|b| as a separator b; an empty text for null. #}
{% macro separated(list, separator) -%}
    coalesce(replace(trim(replace({{ list }}, '|', ' ')), ' ', '{{ separator }}'), '')
{%- endmacro %}


{# A list |a|b| as a JSON array, between the quotes that json_object escapes. Names hold nothing that JSON escapes. #}
{% macro json_strings(list) -%}
    coalesce('[' || chr(29) || replace(substr({{ list }}, 2, length({{ list }}) - 2), '|', chr(29) || ', ' || chr(29)) || chr(29) || ']', '[]')
{%- endmacro %}


{# A text between quotes that json_object escapes; the word null for null. #}
{% macro json_string(text) -%}
    coalesce(chr(29) || {{ text }} || chr(29), 'null')
{%- endmacro %}


{# A number or a truth value for json_object. #}
{% macro json_scalar(expression) -%}
    coalesce(cast({{ expression }} as {{ dbt.type_string() }}), 'null')
{%- endmacro %}


{# A JSON object with its names in the order given. values: by name, SQL made by json_string, json_strings or json_scalar.
   conditions: by name, SQL that must hold for the name to be there. #}
{% macro json_object(values, conditions={}) -%}
    {%- set pairs = [] -%}
    {%- for name, value in values.items() -%}
        {%- set pair = "', ' || chr(29) || '" ~ name ~ "' || chr(29) || ': ' || " ~ value -%}
        {%- do pairs.append('case when ' ~ conditions[name] ~ ' then ' ~ pair ~ " else '' end" if name in conditions else pair) -%}
    {%- endfor -%}
    '{' || substr({{ crm_segmentation.json_escaped(pairs | join('\n            || ')) }}, 3) || '}'
{%- endmacro %}


{# What Braze is billed for: its attributes with their JSON. A null takes an attribute off the user. #}
{% macro braze_attributes() -%}
    {%- set attributes = {} -%}
    {%- for name in ['email', 'phone', 'first_name', 'last_name', 'country', 'language', 'time_zone', 'gender'] -%}
        {%- do attributes.update({name: crm_segmentation.json_string(name)}) -%}
    {%- endfor -%}
    {{- return(dict(
        attributes,
        crm_is_member=crm_segmentation.json_scalar('crm_is_member'),
        crm_lifecycle_stage=crm_segmentation.json_string('crm_lifecycle_stage'),
        crm_rfm_group=crm_segmentation.json_string('crm_rfm_group'),
        crm_segments='replace(crm_segments, chr(34), chr(29))',
    )) -}}
{%- endmacro %}
